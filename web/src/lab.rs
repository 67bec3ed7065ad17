//! The run on stage, the playhead, and the loop that draws: one object outside the virtual DOM,
//! shared by all components, compared by identity.

use std::cell::RefCell;
use std::rc::Rc;

use broker_lab_core::scenario::{Command, Faults};
use broker_lab_core::world::World;
use broker_lab_core::{LaneId, MessageId, Run, Scenario, SimDuration, SimTime, Stop};

use crate::browser::{Readout, Surface};
use crate::paint::hit;
use crate::player::{FrameLoop, GoOn, NeedsRepaint, Player, PlayerCommand};
use crate::stage::layout::{LaneLayout, Room};
use crate::stage::motion::Travel;
use crate::stage::scene::{Moment, Scene};
use crate::store::{Action, Playing};
use crate::timeline::Overview;

/// Steps of the simulation between two looks at the budget.
const STEPS: u32 = 2_000;
/// Slices of [`STEPS`] in a frame: some 8 ms on a slow machine.
const SLICES: u32 = 4;
/// Components hear of the time at most so often.
const TICK: SimDuration = SimDuration::from_millis(100);

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

struct Inner {
    run: Run,
    player: Player,
    /// The world at the playhead, and how many events are folded into it.
    world: World,
    folded: usize,
    lanes: Vec<LaneStage>,
    travel: Shown,
    motion: Motion,
    repaint: NeedsRepaint,
    since_tick: SimDuration,
    readout: Option<Readout>,
    listener: Option<Listener>,
    /// Runs to go back to: what was on stage before each edit.
    undo: Vec<Run>,
    /// Up to when the run was known when its overview was made.
    overview: Option<(SimTime, Rc<Overview>)>,
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

/// Whether marks are shown on their way.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shown {
    /// As the run plays.
    Moving,
    /// After a jump of the playhead: everything stands where it belongs.
    Settled,
}

/// What a lane is drawn with.
#[derive(Default)]
struct LaneStage {
    layout: Option<Rc<LaneLayout>>,
    room: Option<Room>,
    surface: Option<Surface>,
    scene: Scene,
}

impl Lab {
    /// A lab with a checked scenario on stage.
    #[must_use]
    pub fn new(scenario: Scenario) -> Self {
        let inner = Rc::new(RefCell::new(Inner::new(scenario)));
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
    pub fn with_run<T>(&self, look: impl FnOnce(&Run) -> T) -> T {
        look(&self.inner.borrow().run)
    }

    /// Looks at the run and at the world at the playhead.
    pub fn with_world<T>(&self, look: impl FnOnce(&Run, &World, SimTime) -> T) -> T {
        let inner = self.inner.borrow();
        look(&inner.run, &inner.world, inner.player.position())
    }

    /// The run at a glance; made anew when there is more of it.
    #[must_use]
    pub fn overview(&self) -> Rc<Overview> {
        let mut inner = self.inner.borrow_mut();
        let until = inner.run.simulated_until();
        match &inner.overview {
            Some((of, overview)) if *of == until => Rc::clone(overview),
            _ => {
                let overview = Rc::new(Overview::of(&inner.run));
                inner.overview = Some((until, Rc::clone(&overview)));
                overview
            }
        }
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
            let (trace, now) = (inner.run.trace(), inner.player.position());
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

    /// Carries out a command at the playhead, whatever its own time says: the run from there on is
    /// made anew.
    ///
    /// # Errors
    ///
    /// What is wrong with the command; everything stays as it is.
    pub fn edit(&self, command: &Command) -> Result<(), Faults> {
        let mut inner = self.inner.borrow_mut();
        let command = Command {
            at: inner.player.position().since(SimTime::ZERO),
            ..command.clone()
        };
        let run = inner.run.with_command(command)?;
        let before = std::mem::replace(&mut inner.run, run);
        inner.undo.push(before);
        inner.on_new_run();
        drop(inner);
        self.tell(Action::NewRun);
        self.tick();
        Ok(())
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
        self.tell(Action::NewRun);
        self.tick();
        true
    }

    /// Whether there is an edit to take back.
    #[must_use]
    pub fn can_undo(&self) -> bool {
        !self.inner.borrow().undo.is_empty()
    }

    /// Puts another checked scenario on stage, at its start.
    pub fn open(&self, scenario: Scenario) {
        let mut inner = self.inner.borrow_mut();
        let mut next = Inner::new(scenario);
        next.readout = inner.readout.take();
        next.listener = inner.listener.take();
        next.motion = inner.motion;
        next.take_rooms(&inner.lanes);
        *inner = next;
        drop(inner);
        self.tell(Action::NewRun);
        self.tick();
    }

    /// The topmost message at a place on a lane's floor.
    #[must_use]
    pub fn message_at(&self, lane: LaneId, (x, y): (f32, f32)) -> Option<MessageId> {
        let inner = self.inner.borrow();
        let scene = &inner.lanes.get(lane.index())?.scene;
        let index = hit::topmost(&scene.marks, x, y)?;
        scene.messages.get(index).copied()
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

/// Which way to step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    Forward,
    Back,
}

impl Inner {
    fn new(scenario: Scenario) -> Self {
        let end = SimTime::ZERO + scenario.horizon;
        let lanes = scenario
            .lanes
            .iter()
            .map(|_| LaneStage::default())
            .collect();
        let mut run = Run::new(scenario);
        run.advance(STEPS);
        let world = run.world_at(SimTime::ZERO);
        let folded = run.trace().count_until(SimTime::ZERO);
        Self {
            run,
            player: Player::new(end),
            world,
            folded,
            lanes,
            travel: Shown::Settled,
            motion: Motion::Smooth,
            repaint: NeedsRepaint::Yes,
            since_tick: SimDuration::ZERO,
            readout: None,
            listener: None,
            undo: Vec::new(),
            overview: None,
        }
    }

    /// The run was replaced by one with other events from some time on.
    fn on_new_run(&mut self) {
        self.run.advance(STEPS);
        self.overview = None;
        self.folded = self.run.trace().count_until(self.player.position());
        self.world = self.run.history().after(self.run.trace(), self.folded);
        let before = std::mem::take(&mut self.lanes);
        self.lanes.resize_with(before.len(), LaneStage::default);
        self.take_rooms(&before);
        for (lane, before) in self.lanes.iter_mut().zip(before) {
            lane.surface = before.surface;
        }
        self.repaint = NeedsRepaint::Yes;
    }

    /// Lays the lanes out in the rooms that those before them had.
    fn take_rooms(&mut self, before: &[LaneStage]) {
        for (lane, before) in (0..).map(LaneId).zip(before) {
            if let Some(room) = before.room {
                self.set_room(lane, room);
            }
        }
    }

    fn set_room(&mut self, lane: LaneId, room: Room) -> bool {
        let scenario = self.run.scenario();
        let cast = self.run.cast();
        let (Some(document), Some(cast)) = (scenario.lanes.get(lane.index()), cast.lane(lane))
        else {
            return false;
        };
        let Some(stage) = self.lanes.get_mut(lane.index()) else {
            return false;
        };
        if stage.room == Some(room) {
            return false;
        }
        stage.room = Some(room);
        stage.layout = LaneLayout::new(document, cast, room).map(Rc::new);
        true
    }

    /// Moves the world to the playhead: forward event by event, or by a seek.
    fn catch_up(&mut self) {
        let trace = self.run.trace();
        let count = trace.count_until(self.player.position());
        if count < self.folded || count > self.folded + 20_000 {
            self.world = self.run.history().after(trace, count);
        } else {
            for event in trace.iter_from(self.folded).take(count - self.folded) {
                self.world.fold(event);
            }
        }
        self.folded = count;
    }

    fn on_frame(&mut self, elapsed: SimDuration) -> (GoOn, Option<(Listener, Action)>) {
        let growing = self.grow();
        let was_playing = self.player.is_playing();
        if self.player.update(elapsed) == NeedsRepaint::Yes {
            self.repaint = NeedsRepaint::Yes;
        }
        if self.repaint == NeedsRepaint::Yes {
            self.repaint = NeedsRepaint::No;
            self.catch_up();
            self.draw();
        }
        self.since_tick = self.since_tick + elapsed;
        let stopped = was_playing && !self.player.is_playing();
        let due = was_playing && self.since_tick >= TICK;
        let told = (stopped || due || growing == Growth::JustDone).then(|| self.tick());
        let tick = told.and_then(|action| Some((self.listener.clone()?, action)));
        let go_on = if self.player.is_playing() || growing == Growth::Growing {
            GoOn::Yes
        } else {
            GoOn::No
        };
        (go_on, tick)
    }

    /// Simulates a little further, if there is more to come.
    fn grow(&mut self) -> Growth {
        if self.run.stop().is_some() {
            return Growth::Done;
        }
        for _ in 0..SLICES {
            if let Some(stop) = self.run.advance(STEPS) {
                if stop == Stop::Limit {
                    self.player.set_end(self.run.simulated_until());
                }
                return Growth::JustDone;
            }
        }
        Growth::Growing
    }

    fn draw(&mut self) {
        let travel = match (self.travel, self.motion) {
            (Shown::Moving, Motion::Smooth) => Travel::at(self.player.speed()),
            (Shown::Settled, _) | (_, Motion::Steps) => Travel::NONE,
        };
        let now = self.player.position();
        // Rings shrink with the time, or once a second.
        let ring_time = match self.motion {
            Motion::Smooth => now,
            Motion::Steps => SimTime::from_micros(now.as_micros() / 1_000_000 * 1_000_000),
        };
        for (stage, world) in self.lanes.iter_mut().zip(&self.world.lanes) {
            if let (Some(layout), Some(surface)) = (&stage.layout, &mut stage.surface) {
                let moment = Moment {
                    world,
                    trace: self.run.trace(),
                    now,
                    ring_time,
                    travel,
                };
                stage.scene.draw(layout, moment);
                surface.paint(&stage.scene.marks, (layout.width, layout.height));
            }
        }
        if let Some(readout) = &mut self.readout {
            readout.show(now, self.player.end());
        }
    }

    fn tick(&mut self) -> Action {
        self.since_tick = SimDuration::ZERO;
        Action::Tick {
            now: self.player.position(),
            playing: if self.player.is_playing() {
                Playing::Yes
            } else {
                Playing::No
            },
            speed: self.player.speed().thousandths(),
            looping: self.player.is_looping(),
            simulated: self
                .run
                .stop()
                .map_or(self.run.simulated_until(), |_| SimTime::MAX),
        }
    }
}

/// How far the simulation is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Growth {
    Growing,
    JustDone,
    Done,
}
