//! What is behind the handle: everything that changes from frame to frame.

use std::rc::Rc;

use broker_lab_core::world::World;
use broker_lab_core::{LaneId, SimDuration, SimTime, Stop};

use super::{Listener, Motion};
use crate::browser::{Readout, Surface};
use crate::engine::Running;
use crate::player::{GoOn, NeedsRepaint, Player};
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

/// The run, the playhead, and what is drawn.
pub(super) struct Inner {
    pub(super) run: Running,
    pub(super) player: Player,
    /// The world at the playhead, and how many events are folded into it.
    pub(super) world: World,
    pub(super) folded: usize,
    pub(super) lanes: Vec<LaneStage>,
    pub(super) travel: Shown,
    pub(super) motion: Motion,
    pub(super) repaint: NeedsRepaint,
    pub(super) since_tick: SimDuration,
    pub(super) readout: Option<Readout>,
    pub(super) listener: Option<Listener>,
    /// Runs to go back to: what was on stage before each edit.
    pub(super) undo: Vec<Running>,
    /// Up to when the run was known when its overview was made.
    pub(super) overview: Option<(SimTime, Rc<Overview>)>,
}

/// Whether marks are shown on their way.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Shown {
    /// As the run plays.
    Moving,
    /// After a jump of the playhead: everything stands where it belongs.
    Settled,
}

/// What a lane is drawn with.
#[derive(Default)]
pub(super) struct LaneStage {
    pub(super) layout: Option<Rc<LaneLayout>>,
    pub(super) room: Option<Room>,
    pub(super) surface: Option<Surface>,
    pub(super) scene: Scene,
}

impl Inner {
    pub(super) fn new(mut run: Running) -> Self {
        run.advance(STEPS);
        let record = &run.record;
        let end = SimTime::ZERO + record.scenario().horizon;
        let lanes = record.cast().lanes.iter();
        let lanes = lanes.map(|_| LaneStage::default()).collect();
        let world = record.world_at(SimTime::ZERO);
        let folded = record.trace().count_until(SimTime::ZERO);
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
    pub(super) fn on_new_run(&mut self) {
        self.run.advance(STEPS);
        self.fit_end();
        self.overview = None;
        self.folded = self.run.record.trace().count_until(self.player.position());
        self.world = self
            .run
            .record
            .history()
            .after(self.run.record.trace(), self.folded);
        let before = std::mem::take(&mut self.lanes);
        self.lanes.resize_with(before.len(), LaneStage::default);
        self.take_rooms(&before);
        for (lane, before) in self.lanes.iter_mut().zip(before) {
            lane.surface = before.surface;
        }
        self.repaint = NeedsRepaint::Yes;
    }

    /// Lays the lanes out in the rooms that those before them had.
    pub(super) fn take_rooms(&mut self, before: &[LaneStage]) {
        for (lane, before) in (0..).map(LaneId).zip(before) {
            if let Some(room) = before.room {
                self.set_room(lane, room);
            }
        }
    }

    pub(super) fn set_room(&mut self, lane: LaneId, room: Room) -> bool {
        let scenario = self.run.record.scenario();
        let cast = self.run.record.cast();
        let keys = cast.keys.len();
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
        stage.layout = LaneLayout::new(document, (cast, keys), room).map(Rc::new);
        true
    }

    /// Moves the world to the playhead: forward event by event, or by a seek.
    pub(super) fn catch_up(&mut self) {
        let trace = self.run.record.trace();
        let count = trace.count_until(self.player.position());
        if count < self.folded || count > self.folded + 20_000 {
            self.world = self.run.record.history().after(trace, count);
        } else {
            for event in trace.iter_from(self.folded).take(count - self.folded) {
                self.world.fold(event);
            }
        }
        self.folded = count;
    }

    pub(super) fn on_frame(&mut self, elapsed: SimDuration) -> (GoOn, Option<(Listener, Action)>) {
        let growing = self.grow();
        let was_playing = self.player.is_playing();
        // What is simulated now can lie before the playhead.
        if self.player.update(elapsed) == NeedsRepaint::Yes || growing != Growth::Done {
            self.repaint = NeedsRepaint::Yes;
        }
        if self.repaint == NeedsRepaint::Yes {
            self.repaint = NeedsRepaint::No;
            self.catch_up();
            self.draw();
        }
        self.since_tick = self.since_tick + elapsed;
        let stopped = was_playing && !self.player.is_playing();
        let due = (was_playing || growing == Growth::Growing) && self.since_tick >= TICK;
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
        if self.run.record.stop().is_some() {
            return Growth::Done;
        }
        for _ in 0..SLICES {
            self.run.advance(STEPS);
            if self.run.record.stop().is_some() {
                self.fit_end();
                return Growth::JustDone;
            }
        }
        Growth::Growing
    }

    /// The playhead goes as far as the run does: to the horizon, or to where a limit stopped it.
    fn fit_end(&mut self) {
        self.player.set_end(match self.run.record.stop() {
            Some(Stop::Limit) => self.run.record.simulated_until(),
            Some(Stop::Horizon) | None => SimTime::ZERO + self.run.record.scenario().horizon,
        });
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
                    trace: self.run.record.trace(),
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

    pub(super) fn tick(&mut self) -> Action {
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
                .record
                .stop()
                .map_or_else(|| self.run.record.simulated_until(), |_| SimTime::MAX),
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
