//! What a person has made of the page: one state, one list of actions, one pure function.

use std::rc::Rc;

use broker_lab_core::{ActorId, GroupId, LaneId, MessageId, QueueId, SimTime};

/// What is selected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Selection {
    /// A message, as one lane has it.
    Message(LaneId, MessageId),
    /// A worker or consumer.
    Actor(LaneId, ActorId),
    /// A queue.
    Queue(LaneId, QueueId),
    /// A consumer group.
    Group(LaneId, GroupId),
}

/// The tabs of the panel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tab {
    /// What the scene is about, and what to try.
    #[default]
    Explain,
    /// The thing that is selected.
    Inspect,
    /// What is promised, and whether it holds.
    Guarantees,
    /// The counts.
    Metrics,
}

impl Tab {
    /// All, in their order.
    pub const ALL: [Self; 4] = [
        Self::Explain,
        Self::Inspect,
        Self::Guarantees,
        Self::Metrics,
    ];

    /// What it is called.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Explain => "Explain",
            Self::Inspect => "Inspect",
            Self::Guarantees => "Guarantees",
            Self::Metrics => "Metrics",
        }
    }
}

/// Light or dark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// As the system has it.
    #[default]
    System,
    Light,
    Dark,
}

impl Theme {
    /// The next one of the three.
    #[must_use]
    pub const fn next(self) -> Self {
        match self {
            Self::System => Self::Light,
            Self::Light => Self::Dark,
            Self::Dark => Self::System,
        }
    }

    /// What it is called.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::System => "as the system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
}

/// The state of the page beside the run and the playhead.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct State {
    pub selection: Option<Selection>,
    pub tab: Tab,
    pub theme: Theme,
    /// What was wrong with the last thing that was asked for; the experiment stays.
    pub trouble: Option<Rc<str>>,
    /// Whether the panel is open where it is a sheet.
    pub sheet: Sheet,
    /// When the page last had something to say again.
    pub now: SimTime,
    /// Rises with each new run.
    pub run: u32,
    pub playing: Playing,
    /// Playback speed in thousandths, and whether it loops: what the transport shows.
    pub speed: u32,
    pub looping: bool,
    /// Up to when the run is simulated; the latest time of all if it is whole.
    pub simulated: SimTime,
    /// Whether what only a touch asks for has come.
    pub fetched: Fetched,
}

/// Whether something that is fetched is here.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Fetched {
    #[default]
    No,
    Yes,
}

/// Whether the panel is open on a narrow screen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sheet {
    #[default]
    Closed,
    Open,
}

/// Whether the run plays.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Playing {
    #[default]
    No,
    Yes,
}

/// What a person, or the player, can do to the state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// Selects a thing and shows it.
    Select(Selection),
    /// Selects nothing.
    Deselect,
    ShowTab(Tab),
    CloseSheet,
    NextTheme,
    /// Something could not be done; says why.
    Trouble(Rc<str>),
    DismissTrouble,
    /// What only a touch asks for is here, or why it is not.
    Fetched(Option<String>),
    /// Another run is on stage.
    NewRun,
    /// The player says how it stands.
    Tick {
        now: SimTime,
        playing: Playing,
        speed: u32,
        looping: bool,
        simulated: SimTime,
    },
}

impl Action {
    /// Whether it shows a page of the panel that is not in the first load.
    #[must_use]
    pub const fn shows_more(&self) -> bool {
        match self {
            Self::Select(_) => true,
            Self::ShowTab(tab) => !matches!(tab, Tab::Explain),
            _ => false,
        }
    }
}

impl State {
    /// The state after an action.
    #[must_use]
    pub fn reduced(&self, action: Action) -> Self {
        let mut next = self.clone();
        match action {
            Action::Select(selection) => {
                next.selection = Some(selection);
                next.tab = Tab::Inspect;
                next.sheet = Sheet::Open;
            }
            Action::Deselect => next.selection = None,
            Action::ShowTab(tab) => {
                next.tab = tab;
                next.sheet = Sheet::Open;
            }
            Action::CloseSheet => next.sheet = Sheet::Closed,
            Action::NextTheme => next.theme = self.theme.next(),
            Action::Trouble(text) => next.trouble = Some(text),
            Action::DismissTrouble => next.trouble = None,
            Action::Fetched(None) => next.fetched = Fetched::Yes,
            // The page that is here, so that to ask once more is to try again.
            Action::Fetched(Some(trouble)) => {
                next.trouble = Some(trouble.into());
                next.tab = Tab::Explain;
            }
            Action::NewRun => next.run += 1,
            Action::Tick {
                now,
                playing,
                speed,
                looping,
                simulated,
            } => {
                next.now = now;
                next.playing = playing;
                next.speed = speed;
                next.looping = looping;
                next.simulated = simulated;
            }
        }
        next
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn selecting_shows_what_is_selected() {
        let selection = Selection::Message(LaneId(1), MessageId(7));
        let state = State::default().reduced(Action::Select(selection));
        assert_eq!(
            (state.selection, state.tab, state.sheet),
            (Some(selection), Tab::Inspect, Sheet::Open)
        );
        let state = state.reduced(Action::CloseSheet).reduced(Action::Deselect);
        assert_eq!((state.selection, state.sheet), (None, Sheet::Closed));
    }

    #[test]
    fn trouble_touches_nothing_else() {
        let before = State::default().reduced(Action::ShowTab(Tab::Metrics));
        let after = before.reduced(Action::Trouble("no such file".into()));
        assert_eq!(after.trouble.as_deref(), Some("no such file"));
        assert_eq!(after.reduced(Action::DismissTrouble), before);
    }

    #[test]
    fn a_page_that_cannot_be_fetched_can_be_asked_for_again() {
        let ask = Action::ShowTab(Tab::Metrics);
        assert!(ask.shows_more() && !Action::ShowTab(Tab::Explain).shows_more());
        let state = State::default().reduced(ask);
        let missing = state.reduced(Action::Fetched(Some(String::from("no"))));
        assert_eq!(missing.trouble.as_deref(), Some("no"));
        assert_eq!((missing.tab, missing.fetched), (Tab::Explain, Fetched::No));
        let here = state.reduced(Action::Fetched(None));
        assert_eq!((here.tab, here.fetched), (Tab::Metrics, Fetched::Yes));
    }

    #[test]
    fn three_themes_come_round() {
        assert_eq!(Theme::System.next().next().next(), Theme::System);
    }
}
