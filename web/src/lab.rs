//! The run on stage, the playhead, and the loop that draws: one object outside the virtual DOM,
//! shared by all components, compared by identity.

mod edit;
mod inner;

pub use edit::{Edit, ResetTo};

use std::cell::RefCell;
use std::rc::Rc;

use broker_lab_core::world::World;
use broker_lab_core::{Cast, LaneCast, LaneId, MessageId, Record, SimTime};

use wasm_bindgen_futures::spawn_local;

use self::inner::{Inner, Shown};
use crate::browser::{Readout, Surface};
use crate::engine::{Engine, Running};
use crate::later;
use crate::paint::hit;
use crate::player::{FrameLoop, NeedsRepaint, PlayerCommand};
use crate::stage::layout::{LaneLayout, Room};
use crate::store::Action;
use crate::timeline::Overview;

/// Whoever wants to hear of what happens: the store's dispatch.
type Listener = Rc<dyn Fn(Action)>;

/// The shared handle. Two are equal if they are the same lab.
#[derive(Clone)]
pub struct Lab {
    inner: Rc<RefCell<Inner>>,
    frames: Rc<FrameLoop>,
}

impl PartialEq for Lab {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.inner, &other.inner)
    }
}

impl std::fmt::Debug for Lab {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Lab").finish_non_exhaustive()
    }
}

/// Whether a person wants to see things move.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Motion {
    /// From place to place.
    #[default]
    Smooth,
    /// In steps, as the system asks for with prefers-reduced-motion.
    Steps,
}

impl Lab {
    /// A lab with a run on stage, at its start.
    #[must_use]
    pub fn new(run: Running) -> Self {
        let inner = Rc::new(RefCell::new(Inner::new(run)));
        let shared = Rc::clone(&inner);
        let frames = FrameLoop::new(move |elapsed| {
            let (go_on, tick) = shared.borrow_mut().on_frame(elapsed);
            if let Some((listener, action)) = tick {
                listener(action);
            }
            go_on
        });
        Self {
            inner,
            frames: Rc::new(frames),
        }
    }

    /// Tells `listener` of everything from now on.
    pub fn listen(&self, listener: impl Fn(Action) + 'static) {
        self.inner.borrow_mut().listener = Some(Rc::new(listener));
        self.frames.wake();
    }

    /// Looks at the run.
    pub fn with_run<T>(&self, look: impl FnOnce(&Record) -> T) -> T {
        look(&self.inner.borrow().run.record)
    }

    /// Looks at the run and at the world at the playhead.
    pub fn with_world<T>(&self, look: impl FnOnce(&Record, &World, SimTime) -> T) -> T {
        let inner = self.inner.borrow();
        look(&inner.run.record, &inner.world, inner.player.position())
    }

    /// The run at a glance; made anew when there is more of it.
    #[must_use]
    pub fn overview(&self) -> Rc<Overview> {
        let mut inner = self.inner.borrow_mut();
        let until = inner.run.record.simulated_until();
        match &inner.overview {
            Some((of, overview)) if *of == until => Rc::clone(overview),
            _ => {
                let overview = Rc::new(Overview::of(&inner.run.record));
                inner.overview = Some((until, Rc::clone(&overview)));
                overview
            }
        }
    }

    /// Whether a lane was recorded: it stays as it is, and has no buttons that change it.
    #[must_use]
    pub fn is_recorded(&self, lane: LaneId) -> bool {
        self.with_run(|run| run.cast().lane(lane).is_some_and(LaneCast::is_recorded))
    }

    /// Where the playhead is.
    #[must_use]
    pub fn now(&self) -> SimTime {
        self.inner.borrow().player.position()
    }

    /// The layout of a lane, once its room is known.
    #[must_use]
    pub fn layout(&self, lane: LaneId) -> Option<Rc<LaneLayout>> {
        self.inner.borrow().lanes.get(lane.index())?.layout.clone()
    }

    /// A lane has this room; lays it out anew if that is news.
    pub fn set_room(&self, lane: LaneId, room: Room) {
        let mut inner = self.inner.borrow_mut();
        if inner.set_room(lane, room) {
            inner.repaint = NeedsRepaint::Yes;
            drop(inner);
            self.tick();
        }
    }

    /// What a lane's marks are painted on.
    pub fn set_surface(&self, lane: LaneId, surface: Option<Surface>) {
        if let Some(stage) = self.inner.borrow_mut().lanes.get_mut(lane.index()) {
            stage.surface = surface;
        }
        self.repaint();
    }

    /// Where the clock and the playhead are written each frame.
    pub fn set_readout(&self, readout: Option<Readout>) {
        self.inner.borrow_mut().readout = readout;
        self.repaint();
    }

    /// Draws the picture anew in the colours of now.
    pub fn take_colours(&self) {
        let mut inner = self.inner.borrow_mut();
        for surface in inner
            .lanes
            .iter_mut()
            .filter_map(|lane| lane.surface.as_mut())
        {
            surface.take_colours();
        }
        drop(inner);
        self.repaint();
    }

    /// Draws the picture anew.
    fn repaint(&self) {
        self.inner.borrow_mut().repaint = NeedsRepaint::Yes;
        self.frames.wake();
    }

    /// Whether things are shown on their way, or go in steps at events.
    pub fn set_motion(&self, motion: Motion) {
        self.inner.borrow_mut().motion = motion;
        self.repaint();
    }

    /// Does what a person asks of the player.
    pub fn play(&self, command: PlayerCommand) {
        let mut inner = self.inner.borrow_mut();
        inner.travel = match command {
            PlayerCommand::Seek(_) | PlayerCommand::Hold(_) => Shown::Settled,
            PlayerCommand::Play | PlayerCommand::Toggle => Shown::Moving,
            _ => inner.travel,
        };
        inner.player.apply(command);
        inner.repaint = NeedsRepaint::Yes;
        drop(inner);
        self.tick();
    }

    /// Goes to the next (or the previous) moment at which something happened, and stands there.
    pub fn step(&self, direction: Direction) {
        let at = {
            let inner = self.inner.borrow();
            let (trace, now) = (inner.run.record.trace(), inner.player.position());
            let index = match direction {
                Direction::Forward => Some(trace.count_until(now)),
                Direction::Back => trace.count_before(now).checked_sub(1),
            };
            let edge = match direction {
                Direction::Forward => inner.player.end(),
                Direction::Back => SimTime::ZERO,
            };
            index
                .and_then(|index| trace.get(index))
                .map_or(edge, |event| event.at)
        };
        self.play(PlayerCommand::Hold(at));
    }

    /// Carries out an edit at the playhead: the run from there on is made anew. What is wrong with
    /// it is said, and everything stays as it is. The first edit waits for what it needs.
    pub fn edit(&self, edit: &Edit) {
        let asked = Asked {
            edit: edit.clone(),
            at: self.now(),
            cast: self.with_run(|run| Rc::clone(run.cast())),
        };
        let lab = self.clone();
        spawn_local(async move {
            match later::fetch().await {
                Ok(later) => (later.edit)(lab, asked),
                Err(trouble) => lab.tell(Action::Trouble(trouble.into())),
            }
        });
    }

    fn take_edited(&self, run: Running) {
        let mut inner = self.inner.borrow_mut();
        let before = std::mem::replace(&mut inner.run, run);
        inner.undo.push(before);
        inner.on_new_run();
        drop(inner);
        self.announce();
    }

    /// Takes the last edit back; whether there was one.
    pub fn undo(&self) -> bool {
        let mut inner = self.inner.borrow_mut();
        let Some(run) = inner.undo.pop() else {
            return false;
        };
        inner.run = run;
        inner.on_new_run();
        drop(inner);
        self.announce();
        true
    }

    /// Has the run judged, if nobody was there to do it.
    pub(crate) fn judge(&self) {
        self.inner.borrow_mut().run.judge();
    }

    /// Whether there is an edit to take back.
    #[must_use]
    pub fn can_undo(&self) -> bool {
        !self.inner.borrow().undo.is_empty()
    }

    /// Puts another run on stage, at its start.
    pub fn open(&self, run: Running) {
        let mut inner = self.inner.borrow_mut();
        let mut next = Inner::new(run);
        next.readout = inner.readout.take();
        next.listener = inner.listener.take();
        next.motion = inner.motion;
        next.take_rooms(&inner.lanes);
        *inner = next;
        drop(inner);
        self.announce();
    }

    /// Whether another frame is asked for: something moves, or is still to be drawn.
    #[must_use]
    pub fn is_awake(&self) -> bool {
        self.frames.is_awake()
    }

    /// The topmost message at a place on a lane's floor.
    #[must_use]
    pub fn message_at(&self, lane: LaneId, (x, y): (f32, f32)) -> Option<MessageId> {
        let inner = self.inner.borrow();
        let scene = &inner.lanes.get(lane.index())?.scene;
        let index = hit::topmost(&scene.marks, x, y)?;
        scene.messages.get(index).copied()
    }

    /// Another run is on stage.
    fn announce(&self) {
        self.tell(Action::NewRun);
        self.tick();
    }

    /// Lets the components hear of the present moment at once.
    fn tick(&self) {
        let action = {
            let mut inner = self.inner.borrow_mut();
            inner.catch_up();
            inner.tick()
        };
        self.tell(action);
        self.frames.wake();
    }

    fn tell(&self, action: Action) {
        let listener = self.inner.borrow().listener.clone();
        if let Some(listener) = listener {
            listener(action);
        }
    }
}

/// An edit that a person has asked for.
pub(crate) struct Asked {
    edit: Edit,
    at: SimTime,
    cast: Rc<Cast>,
}

/// Carries out an edit, as soon as the engine is here.
pub(crate) fn carry_out(lab: Lab, asked: Asked) {
    spawn_local(async move {
        let command = asked.edit.at(asked.at);
        let engine = Engine::load().await;
        // Another experiment was opened in the meantime.
        if *lab.with_run(|run| Rc::clone(run.cast())) != *asked.cast {
            return;
        }
        let edited = engine.and_then(|engine| lab.inner.borrow().run.edited(&engine, &command));
        match edited {
            Ok(run) => lab.take_edited(run),
            Err(trouble) => lab.tell(Action::Trouble(trouble.into())),
        }
    });
}

/// Which way to step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    Forward,
    Back,
}
