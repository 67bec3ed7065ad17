//! A function's reserved concurrency: what it cannot run, it throttles. The mapping goes on
//! fetching, so that receives are spent on messages that nobody works on; a maximum concurrency
//! of the mapping makes it stop fetching instead. Configuring reserved concurrency (Lambda DG).

/// A function that runs a bounded number of invocations at the same time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReservedConcurrency {
    most: u32,
    running: u32,
}

/// Whether an invocation runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Admission {
    /// It does.
    Running,
    /// It does not: TooManyRequestsException.
    Throttled,
}

impl ReservedConcurrency {
    /// A function that runs at most so many invocations at the same time; with zero, none.
    #[must_use]
    pub const fn new(most: u32) -> Self {
        Self { most, running: 0 }
    }

    /// An invocation is asked for.
    pub const fn invoke(&mut self) -> Admission {
        if self.running < self.most {
            self.running += 1;
            Admission::Running
        } else {
            Admission::Throttled
        }
    }

    /// An invocation that was running has ended.
    pub const fn end(&mut self) {
        self.running = self.running.saturating_sub(1);
    }
}
