//! Playing a run: where the playhead is, and how it moves. Time is the only thing here that
//! knows of the screen's clock, and only as an elapsed length.

mod frame;

pub use frame::{FrameLoop, GoOn};

use broker_lab_core::{SimDuration, SimTime};

/// Playback speed in thousandths of real time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Speed(u32);

impl Speed {
    /// Real time.
    pub const NORMAL: Self = Self(1_000);
    /// The speeds that can be chosen, slowest first: 0.1× to 100×.
    pub const CHOICES: [Self; 10] = [
        Self(100),
        Self(250),
        Self(500),
        Self(1_000),
        Self(2_000),
        Self(4_000),
        Self(8_000),
        Self(16_000),
        Self(32_000),
        Self(100_000),
    ];

    /// Thousandths of real time.
    #[must_use]
    pub const fn thousandths(self) -> u32 {
        self.0
    }

    /// How it is written: `0.25×`, `8×`.
    #[must_use]
    pub fn label(self) -> String {
        let (whole, rest) = (self.0 / 1_000, self.0 % 1_000);
        if rest == 0 {
            return format!("{whole}×");
        }
        let decimals = format!("{rest:03}");
        format!("{whole}.{}×", decimals.trim_end_matches('0'))
    }

    /// The next choice up (`steps` > 0) or down.
    #[must_use]
    pub fn step(self, steps: isize) -> Self {
        let here = Self::CHOICES.partition_point(|choice| *choice < self);
        let last = Self::CHOICES.len() - 1;
        let next = here.saturating_add_signed(steps).min(last);
        Self::CHOICES.get(next).copied().unwrap_or(Self::NORMAL)
    }

    /// The next choice up; after the fastest the slowest.
    #[must_use]
    pub fn round(self) -> Self {
        let next = self.step(1);
        if next == self { Self::CHOICES[0] } else { next }
    }

    const fn of(self, real: SimDuration) -> SimDuration {
        SimDuration::from_micros(real.as_micros() * self.0 as u64 / 1_000)
    }
}

/// Whether the picture has to be made anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NeedsRepaint {
    /// Nothing has changed.
    No,
    /// The playhead has moved.
    Yes,
}

/// What a person can ask of the player.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlayerCommand {
    /// Plays; from the start if the end was reached.
    Play,
    /// Stands still.
    Pause,
    /// One of the two.
    Toggle,
    /// Goes to a moment.
    Seek(SimTime),
    /// Goes to a moment and stands still there.
    Hold(SimTime),
    /// Plays at another speed.
    SetSpeed(Speed),
    /// Begins anew at the end, or not.
    ToggleLoop,
}

/// The playhead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Player {
    position: SimTime,
    end: SimTime,
    speed: Speed,
    playing: bool,
    looping: bool,
}

impl Player {
    /// Stands at the start of a run that ends at `end`.
    #[must_use]
    pub const fn new(end: SimTime) -> Self {
        Self {
            position: SimTime::ZERO,
            end,
            speed: Speed::NORMAL,
            playing: false,
            looping: false,
        }
    }

    /// Where the playhead is.
    #[must_use]
    pub const fn position(&self) -> SimTime {
        self.position
    }

    /// The end of the run.
    #[must_use]
    pub const fn end(&self) -> SimTime {
        self.end
    }

    /// How fast it plays.
    #[must_use]
    pub const fn speed(&self) -> Speed {
        self.speed
    }

    /// Whether it plays.
    #[must_use]
    pub const fn is_playing(&self) -> bool {
        self.playing
    }

    /// Whether it begins anew at the end.
    #[must_use]
    pub const fn is_looping(&self) -> bool {
        self.looping
    }

    /// Takes another run, keeping the place as far as it exists.
    pub fn set_end(&mut self, end: SimTime) {
        self.end = end;
        self.position = self.position.min(end);
    }

    /// Real time has passed.
    pub fn update(&mut self, elapsed: SimDuration) -> NeedsRepaint {
        if !self.playing {
            return NeedsRepaint::No;
        }
        self.position += self.speed.of(elapsed);
        if self.position >= self.end {
            if self.looping && self.end > SimTime::ZERO {
                self.position = SimTime::ZERO;
            } else {
                self.position = self.end;
                self.playing = false;
            }
        }
        NeedsRepaint::Yes
    }

    /// Does what a person asks.
    pub fn apply(&mut self, command: PlayerCommand) {
        match command {
            PlayerCommand::Play => self.play(),
            PlayerCommand::Pause => self.playing = false,
            PlayerCommand::Toggle if self.playing => self.playing = false,
            PlayerCommand::Toggle => self.play(),
            PlayerCommand::Seek(at) => self.position = at.min(self.end),
            PlayerCommand::Hold(at) => {
                self.playing = false;
                self.position = at.min(self.end);
            }
            PlayerCommand::SetSpeed(speed) => self.speed = speed,
            PlayerCommand::ToggleLoop => self.looping = !self.looping,
        }
    }

    fn play(&mut self) {
        if self.position >= self.end {
            self.position = SimTime::ZERO;
        }
        self.playing = true;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn player() -> Player {
        Player::new(SimTime::from_millis(10_000))
    }

    #[test]
    fn plays_at_its_speed_and_stops_at_the_end() {
        let mut player = player();
        assert_eq!(
            player.update(SimDuration::from_millis(100)),
            NeedsRepaint::No
        );
        player.apply(PlayerCommand::SetSpeed(Speed::NORMAL.step(1)));
        player.apply(PlayerCommand::Play);
        assert_eq!(
            player.update(SimDuration::from_millis(100)),
            NeedsRepaint::Yes
        );
        assert_eq!(player.position(), SimTime::from_millis(200));
        player.update(SimDuration::from_secs(60));
        assert_eq!(
            (player.position(), player.is_playing()),
            (player.end(), false)
        );
        player.apply(PlayerCommand::Toggle);
        assert_eq!(
            (player.position(), player.is_playing()),
            (SimTime::ZERO, true)
        );
    }

    #[test]
    fn loops_if_asked_and_seeks_within_the_run() {
        let mut player = player();
        player.apply(PlayerCommand::ToggleLoop);
        player.apply(PlayerCommand::Play);
        player.update(SimDuration::from_secs(60));
        assert_eq!(
            (player.position(), player.is_playing()),
            (SimTime::ZERO, true)
        );
        player.apply(PlayerCommand::Hold(SimTime::from_millis(99_000)));
        assert_eq!(
            (player.position(), player.is_playing()),
            (player.end(), false)
        );
        player.set_end(SimTime::from_millis(3_000));
        assert_eq!(player.position(), SimTime::from_millis(3_000));
    }

    #[test]
    fn speeds_go_from_a_tenth_to_a_hundred() {
        let labels: Vec<String> = Speed::CHOICES.iter().map(|speed| speed.label()).collect();
        let written = [
            "0.1×", "0.25×", "0.5×", "1×", "2×", "4×", "8×", "16×", "32×", "100×",
        ];
        assert_eq!(labels, written);
        assert_eq!(Speed::NORMAL.round(), Speed::CHOICES[4]);
        assert_eq!(Speed::CHOICES[9].round(), Speed::CHOICES[0]);
        assert_eq!(Speed::NORMAL.step(-99), Speed::CHOICES[0]);
        assert_eq!(Speed::NORMAL.step(99), Speed::CHOICES[9]);
    }
}
