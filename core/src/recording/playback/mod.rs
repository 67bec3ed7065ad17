//! What was done and said, as events of a trace.
//!
//! A recording tells what clients and admins saw. Where a trace needs more, it is derived from that
//! and from nothing else, as the functions here say (a commit that a client makes by itself, the end
//! of a session, the beginning of work); what cannot be derived is left out: there is no event for a
//! request to join, for an epoch of a group, for what a coordinator writes in its books.

mod commits;
mod group;
mod member;
mod records;
mod share;
mod teller;
mod work;

use std::rc::Rc;

use super::document::{Deed, RecordingError};
use super::told::Recorded;
use crate::cast::LaneCast;
use crate::ids::{MessageId, Offset, TopicPartition};
use crate::scenario::KafkaLane;
use crate::time::SimTime;
use crate::trace::What;
use teller::Teller;

/// A recorded lane, ready to be played.
#[derive(Clone, Debug, Default)]
pub(crate) struct Playback {
    /// Where each message came to lie, from message 1 on.
    places: Rc<[(TopicPartition, Offset)]>,
    /// What happened beside that, in order.
    happenings: Rc<[Happening]>,
}

/// Something that happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Happening {
    /// When.
    pub(crate) at: SimTime,
    /// How many messages had been sent by then, those of this moment included.
    pub(crate) sent: u32,
    /// What.
    pub(crate) what: What,
}

impl Playback {
    /// What is to be played of `recorded` in the lane `document`, whose names are `cast`.
    ///
    /// # Errors
    ///
    /// It is not of the form of a recording, or names what the lane does not have.
    pub(crate) fn of(
        recorded: &Recorded,
        document: &KafkaLane,
        cast: &LaneCast,
    ) -> Result<Self, RecordingError> {
        let told = recorded.told()?;
        let mut teller = Teller::new(&told, document, cast)?;
        // At the same moment a record is there before it is read, and who is killed has said
        // what it had to say.
        let rank = |deed: &Deed| match deed {
            Deed::CrashConsumer(_) | Deed::FreezeConsumer(_) => 2_u8,
            _ => 0,
        };
        let mut done = told.actions.iter().peekable();
        for said in &told.events {
            let comes_first = |at: SimTime, deed: &Deed| (at, rank(deed)) < (said.at, 1);
            while let Some(action) =
                done.next_if(|action| comes_first(SimTime::ZERO + action.at, &action.deed))
            {
                teller.do_it(action)?;
            }
            teller.say(said)?;
        }
        for action in done {
            teller.do_it(action)?;
        }
        let (places, happenings) = teller.finish(&told.committed)?;
        Ok(Self {
            places: places.into(),
            happenings: happenings.into(),
        })
    }

    /// Where a message came to lie.
    pub(crate) fn place(&self, message: MessageId) -> Option<(TopicPartition, Offset)> {
        self.places.get(message.index().checked_sub(1)?).copied()
    }

    /// The thing that happened as number `index`.
    pub(crate) fn get(&self, index: usize) -> Option<&Happening> {
        self.happenings.get(index)
    }
}
