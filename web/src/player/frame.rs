//! The one loop over animation frames: runs while something moves, and costs nothing otherwise.

use std::cell::RefCell;
use std::rc::{Rc, Weak};

use broker_lab_core::SimDuration;
use gloo_render::{AnimationFrame, request_animation_frame};

/// Whether the loop goes on after a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GoOn {
    /// Stop until [`FrameLoop::wake`].
    No,
    /// Another frame.
    Yes,
}

/// What is done each frame, given the real time since the last one.
type OnFrame = Box<dyn FnMut(SimDuration) -> GoOn>;

/// Calls back once an animation frame while it is awake; dropping it stops it.
pub struct FrameLoop {
    inner: Rc<RefCell<Inner>>,
}

struct Inner {
    on_frame: Option<OnFrame>,
    frame: Option<AnimationFrame>,
    last: Option<f64>,
}

/// No frame counts for more: after a tab was hidden, the run goes on where it was.
const LONGEST_FRAME_MS: f64 = 100.0;

impl FrameLoop {
    /// A loop that sleeps.
    #[must_use]
    pub fn new(on_frame: impl FnMut(SimDuration) -> GoOn + 'static) -> Self {
        Self {
            inner: Rc::new(RefCell::new(Inner {
                on_frame: Some(Box::new(on_frame)),
                frame: None,
                last: None,
            })),
        }
    }

    /// Whether there will be another frame.
    #[must_use]
    pub fn is_awake(&self) -> bool {
        self.inner.borrow().frame.is_some()
    }

    /// Makes sure that there is another frame.
    pub fn wake(&self) {
        // While a frame is being worked on, its own answer decides; it looks at the newest state.
        if let Ok(mut inner) = self.inner.try_borrow_mut()
            && inner.frame.is_none()
        {
            inner.last = None;
            inner.frame = Some(next(Rc::downgrade(&self.inner)));
        }
    }
}

impl std::fmt::Debug for FrameLoop {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FrameLoop").finish_non_exhaustive()
    }
}

fn next(inner: Weak<RefCell<Inner>>) -> AnimationFrame {
    request_animation_frame(move |timestamp| {
        let Some(inner) = inner.upgrade() else {
            return;
        };
        // The callback runs without the borrow, so that it may wake the loop.
        let (mut on_frame, elapsed) = {
            let mut inner = inner.borrow_mut();
            inner.frame = None;
            let since = inner.last.map_or(0.0, |last| timestamp - last);
            inner.last = Some(timestamp);
            let Some(on_frame) = inner.on_frame.take() else {
                return;
            };
            (on_frame, since.clamp(0.0, LONGEST_FRAME_MS))
        };
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "at most 100 ms, in microseconds"
        )]
        let go_on = on_frame(SimDuration::from_micros((elapsed * 1_000.0) as u64));
        let mut borrowed = inner.borrow_mut();
        borrowed.on_frame = Some(on_frame);
        if go_on == GoOn::Yes && borrowed.frame.is_none() {
            borrowed.frame = Some(next(Rc::downgrade(&inner)));
        }
    })
}
