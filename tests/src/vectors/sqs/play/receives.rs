//! The receives of a play: what each got, when it was answered, and whether that was expected.

use broker_lab_core::sqs::content::AttributeSelection;
use broker_lab_core::sqs::{
    Effect, ErrorCode, ReceiptHandle, ReceiveAttempt, ReceiveRequest, Waiter, check_id, limits,
    parameter,
};
use broker_lab_core::{QueueId, SimTime};

use super::super::Stop;
use super::super::messages::{Got, Letter, compare, compare_any_order, compare_per_group};
use super::super::names::Names;
use super::super::script::{Answer, Call, Partition, Receive, ReceiveMany, Sameness, Total};
use super::{Play, compare_call};

/// All receives, in the order in which they were made; a receive's place is its waiter.
#[derive(Default)]
pub(super) struct Receives<'s> {
    all: Vec<Made<'s>>,
    /// What came of the last call, until it is told to the receives.
    pub(super) effects: Vec<Effect<Letter>>,
}

struct Made<'s> {
    at: SimTime,
    name: Option<&'s str>,
    /// None: success is expected.
    expected: Option<&'s Answer>,
    /// Which message attributes it asks for.
    selection: AttributeSelection,
    got: Vec<Got>,
    state: State,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Waiting,
    Answered,
}

impl<'s> Receives<'s> {
    /// What is first of those that wait.
    pub(super) fn first_waiting(&self) -> Option<String> {
        let waiting = self.all.iter().find(|made| made.state == State::Waiting)?;
        Some(waiting.title())
    }

    pub(super) fn settle(&mut self, now: SimTime, names: &Names<'_>) -> Result<(), Stop> {
        for effect in self.effects.drain(..) {
            match effect {
                Effect::Received(received) => {
                    let made = find(&mut self.all, received.waiter)?;
                    let got = Got::of(&received, &made.selection, names);
                    made.got.push(got);
                }
                Effect::Answered { waiter, answer } => {
                    let made = find(&mut self.all, waiter)?;
                    let answer = answer.map_err(|error| error.code());
                    if let Ok(number) = answer
                        && usize::from(number) != made.got.len()
                    {
                        let got = format!("{} of them", made.got.len());
                        return Err(Stop::failed(format!("{number} messages"), got));
                    }
                    made.answer(now, answer.map(|_| ()))?;
                }
                Effect::Stored { .. }
                | Effect::BecameVisible { .. }
                | Effect::Delayed { .. }
                | Effect::Undeleted { .. }
                | Effect::DeadLettered { .. }
                | Effect::Expired { .. }
                | Effect::QueueCreated { .. }
                | Effect::QueueDeleted { .. }
                | Effect::MoveTaskStarted { .. }
                | Effect::Moved { .. }
                | Effect::MoveTaskEnded { .. } => {}
            }
        }
        Ok(())
    }

    /// The last receive of this name that has been answered.
    fn answered(&self, name: &str) -> Result<&Made<'s>, Stop> {
        let mut receives = self.all.iter().rev();
        let made = receives
            .find(|made| made.name == Some(name))
            .ok_or_else(|| Stop::Skipped(format!("no receive before is called {name:?}")))?;
        match made.state {
            State::Answered => Ok(made),
            State::Waiting => Err(Stop::failed(format!("an answer to {name}"), "it waits")),
        }
    }

    /// The handle at a place like `r1[0]`.
    pub(super) fn receipt(&self, place: &str) -> Result<ReceiptHandle, Stop> {
        let (name, index) = place
            .strip_suffix(']')
            .and_then(|place| place.split_once('['))
            .and_then(|(name, index)| Some((name, index.parse::<usize>().ok()?)))
            .ok_or_else(|| Stop::Skipped(format!("{place:?} is not a receipt's place")))?;
        let made = self.answered(name)?;
        let got = made.got.get(index);
        got.map(|got| got.handle)
            .ok_or_else(|| Stop::failed(format!("a message {place}"), made.names()))
    }

    /// The handle that the receive `receive` got for a message.
    pub(super) fn receipt_of(&self, message: &str, receive: &str) -> Result<ReceiptHandle, Stop> {
        let made = self.answered(receive)?;
        let got = made.got.iter().find(|got| got.is_called(message));
        got.map(|got| got.handle)
            .ok_or_else(|| Stop::failed(format!("{message} in {receive}"), made.names()))
    }

    /// The receives together hold each of the messages once, and no other.
    pub(super) fn compare_partition(&self, partition: &Partition) -> Result<(), Stop> {
        let mut got = Vec::new();
        for receive in &partition.receives {
            got.extend(&self.answered(receive)?.got);
        }
        let mut left = got.clone();
        let all = partition.of.iter().all(|name| {
            let place = left.iter().position(|got| got.is_called(name));
            place.map(|place| left.swap_remove(place)).is_some()
        });
        if all && left.is_empty() {
            return Ok(());
        }
        let expected = format!("each of {:?} once", partition.of);
        let got: Vec<&str> = got.into_iter().map(Got::name).collect();
        Err(Stop::failed(expected, format!("{got:?}")))
    }

    pub(super) fn compare_receipts(&self, places: &[String], are: Sameness) -> Result<(), Stop> {
        let handles = places.iter().map(|place| self.receipt(place));
        let handles = handles.collect::<Result<Vec<_>, _>>()?;
        let mut different = handles.clone();
        different.sort_unstable();
        different.dedup();
        let fits = match are {
            Sameness::Same => different.len() == 1,
            Sameness::Different => different.len() == handles.len(),
        };
        if fits {
            return Ok(());
        }
        let expected = format!("{are:?} handles at {places:?}");
        Err(Stop::failed(expected, format!("{handles:?}")))
    }
}

fn find<'a, 's>(all: &'a mut [Made<'s>], waiter: Waiter) -> Result<&'a mut Made<'s>, Stop> {
    let place = usize::try_from(waiter).unwrap_or(usize::MAX);
    let made = all
        .get_mut(place)
        .filter(|made| made.state == State::Waiting);
    made.ok_or_else(|| Stop::failed("one answer to each receive", "another answer"))
}

impl Made<'_> {
    fn title(&self) -> String {
        let name = self.name.unwrap_or("a receive");
        format!("{name} (received at {} ms)", self.at.as_millis())
    }

    fn names(&self) -> String {
        let names: Vec<&str> = self.got.iter().map(Got::name).collect();
        format!("{names:?}")
    }

    /// Compares the answer with what the script expects.
    fn answer(&mut self, now: SimTime, answer: Result<(), ErrorCode>) -> Result<(), Stop> {
        self.state = State::Answered;
        self.compare(now, answer).map_err(|stop| match stop {
            Stop::Failed { expected, got } => {
                Stop::failed(format!("{}: {expected}", self.title()), got)
            }
            skipped @ Stop::Skipped(_) => skipped,
        })
    }

    fn compare(&self, now: SimTime, answer: Result<(), ErrorCode>) -> Result<(), Stop> {
        let error = self.expected.and_then(|expected| expected.error.clone());
        compare_call(&Call { error }, answer)?;
        let Some(expected) = self.expected else {
            return Ok(());
        };
        if let Some(at) = expected.returned_at_ms
            && SimTime::from_millis(at) != now
        {
            let got = format!("{} us", now.as_micros());
            return Err(Stop::failed(format!("an answer at {at} ms"), got));
        }
        if let Some(messages) = &expected.messages {
            compare(messages, &self.got)?;
        }
        if let Some(messages) = &expected.messages_any_order {
            compare_any_order(messages, &self.got)?;
        }
        if let Some((messages, groups)) = expected
            .messages_order_per_group
            .as_ref()
            .zip(expected.groups.as_ref())
        {
            compare_per_group(messages, &self.got, groups)?;
        }
        match expected.at_most {
            Some(most) if self.got.len() > most => Err(Stop::failed(
                format!("at most {most} messages"),
                self.names(),
            )),
            _ => Ok(()),
        }
    }
}

impl<'s> Play<'s> {
    /// Makes a receive; its place among all of them.
    pub(super) fn receive(
        &mut self,
        queue: QueueId,
        receive: &Receive,
        (name, expected): (Option<&'s str>, Option<&'s Answer>),
    ) -> Result<usize, Stop> {
        if let Some(expected) = expected {
            self.names.check_received(expected.messages.as_deref())?;
            self.names
                .check_received(expected.messages_any_order.as_deref())?;
            self.names
                .check_received(expected.messages_order_per_group.as_deref())?;
        }
        let place = self.receives.all.len();
        self.receives.all.push(Made {
            at: self.now,
            name,
            expected,
            selection: selection(receive),
            got: Vec::new(),
            state: State::Waiting,
        });
        let refused = self.exists(queue).and_then(|()| {
            let waiter = Waiter::try_from(place).unwrap_or(Waiter::MAX);
            let request = (waiter, request(receive, &mut self.names)?);
            let effects = &mut self.receives.effects;
            let received = self.service.receive(self.now, queue, request, effects);
            received.map_err(|error| error.code())
        });
        self.settle()?;
        if refused.is_err() {
            self.receives.all[place].answer(self.now, refused)?;
        }
        Ok(place)
    }

    /// Makes short polls one after the other: a long one would be answered later.
    pub(super) fn receive_many(
        &mut self,
        queue: QueueId,
        many: &ReceiveMany,
        expected: &Total,
    ) -> Result<(), Stop> {
        let receive = Receive {
            max_number_of_messages: many.max_number_of_messages,
            visibility_timeout: many.visibility_timeout,
            wait_time: Some(0),
            attempt: None,
            attribute_names: None,
        };
        let mut total = 0;
        for _ in 0..many.calls {
            let place = self.receive(queue, &receive, (None, None))?;
            total += self.receives.all[place].got.len();
        }
        match expected.total {
            Some(expected) if expected != total => {
                let expected = format!("{expected} messages in all");
                Err(Stop::failed(expected, total.to_string()))
            }
            _ => Ok(()),
        }
    }
}

/// The message attributes that a receive asks for: all, unless it says.
fn selection(receive: &Receive) -> AttributeSelection {
    match &receive.attribute_names {
        Some(names) => AttributeSelection::new(names.iter().map(String::as_str)),
        None => AttributeSelection::new(["All"]),
    }
}

/// The receive as the core takes it, or the error of a number that is out of range.
fn request(receive: &Receive, names: &mut Names<'_>) -> Result<ReceiveRequest, ErrorCode> {
    let max_number_of_messages = match receive.max_number_of_messages {
        Some(number) => parameter::MAX_NUMBER_OF_MESSAGES
            .check(number)
            .map(|number| u8::try_from(number).unwrap_or(u8::MAX))
            .map_err(|error| error.code())?,
        None => limits::MAX_NUMBER_OF_MESSAGES_DEFAULT,
    };
    let seconds = |parameter: &'static parameter::Parameter, seconds: Option<i64>| {
        let checked = seconds.map(|seconds| parameter.check_seconds(seconds));
        checked.transpose().map_err(|error| error.code())
    };
    Ok(ReceiveRequest {
        max_number_of_messages,
        visibility_timeout: seconds(&parameter::VISIBILITY_TIMEOUT, receive.visibility_timeout)?,
        wait_time: seconds(&parameter::WAIT_TIME_SECONDS, receive.wait_time)?,
        attempt: match &receive.attempt {
            Some(attempt) => {
                check_id(attempt).map_err(|error| error.code())?;
                Some(ReceiveAttempt(names.id(attempt)))
            }
            None => None,
        },
    })
}
