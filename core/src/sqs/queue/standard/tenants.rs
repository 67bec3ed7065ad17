//! The tenants of a standard queue: who is noisy by the rule of [`fair`], kept up to date at a
//! cost that does not grow with what waits.
//!
//! A tenant is found noisy when a receive looks for its next message; one is found quiet again at
//! what happens to it: a message of it is given or comes back, its processing time is forgotten, or
//! five minutes have gone since its last send. When SQS looks is not documented: a choice.

use std::collections::{BTreeMap, BTreeSet};

use super::Place;
use super::processing::{Account, Book, Whose};
use crate::sqs::fair::{self, Activity, Noise, QuietLevel, Shares, Turn};
use crate::sqs::identity::MessageGroup;
use crate::time::{SimDuration, SimTime};

/// All tenants that have messages, or took processing time of late.
#[derive(Clone, Debug, Default)]
pub(super) struct Tenants {
    tenants: BTreeMap<MessageGroup, Tenant>,
    /// The first visible message of each tenant.
    fronts: BTreeSet<(Turn<Place>, MessageGroup)>,
    quiet: Ranking,
    noisy: Ranking,
    /// The noisy by their last send.
    sends_of_noisy: BTreeSet<(SimTime, MessageGroup)>,
    book: Book,
    ungrouped: Account,
    ungrouped_in_flight: u32,
    in_flight: u32,
}

#[derive(Clone, Debug)]
struct Tenant {
    visible: BTreeSet<Place>,
    /// Visible, those that a short poll overlooks just now included.
    backlog: u32,
    in_flight: u32,
    messages: u32,
    account: Account,
    last_sent: SimTime,
    noise: Noise,
}

/// Who has the most, of those that are equally noisy.
#[derive(Clone, Debug, Default)]
struct Ranking {
    in_flight: BTreeSet<(u32, MessageGroup)>,
    processing: BTreeSet<(u64, MessageGroup)>,
}

/// Where a tenant stands in the sets.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Standing {
    front: Option<Turn<Place>>,
    noise: Noise,
    in_flight: u32,
    processing: u64,
    last_sent: SimTime,
}

/// How a message is taken out of what is visible, or put into it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sight {
    /// It is visible, or is no longer.
    Changed,
    /// A short poll overlooks it, or is over.
    Overlooked,
}

impl Tenant {
    fn standing(&self) -> Standing {
        let place = self.visible.first();
        Standing {
            front: place.map(|place| fair::turn(self.noise, self.in_flight, *place)),
            noise: self.noise,
            in_flight: self.in_flight,
            processing: self.account.total,
            last_sent: self.last_sent,
        }
    }
}

impl Tenants {
    /// The message that is given next of those with a group.
    pub(super) fn first(&self) -> Option<Turn<Place>> {
        self.fronts.first().map(|(turn, _)| *turn)
    }

    fn ranking(&mut self, noise: Noise) -> &mut Ranking {
        match noise {
            Noise::Quiet => &mut self.quiet,
            Noise::Noisy => &mut self.noisy,
        }
    }

    fn change<T>(
        &mut self,
        id: MessageGroup,
        change: impl FnOnce(&mut Tenant, &mut Book) -> T,
    ) -> Option<T> {
        let tenant = self.tenants.get_mut(&id)?;
        let before = tenant.standing();
        let came = change(tenant, &mut self.book);
        let after = tenant.standing();
        let is_over = tenant.messages == 0 && tenant.account.total == 0;
        if before != after {
            self.leave(id, before);
            self.enter(id, after);
        }
        if is_over {
            self.leave(id, after);
            self.tenants.remove(&id);
        }
        Some(came)
    }

    fn leave(&mut self, id: MessageGroup, from: Standing) {
        if let Some(front) = from.front {
            self.fronts.remove(&(front, id));
        }
        let ranking = self.ranking(from.noise);
        ranking.in_flight.remove(&(from.in_flight, id));
        ranking.processing.remove(&(from.processing, id));
        self.sends_of_noisy.remove(&(from.last_sent, id));
    }

    fn enter(&mut self, id: MessageGroup, to: Standing) {
        if let Some(front) = to.front {
            self.fronts.insert((front, id));
        }
        let ranking = self.ranking(to.noise);
        ranking.in_flight.insert((to.in_flight, id));
        ranking.processing.insert((to.processing, id));
        if to.noise == Noise::Noisy {
            self.sends_of_noisy.insert((to.last_sent, id));
        }
    }

    /// A message comes in; for now it is not visible. A dead letter counts as sent, too.
    pub(super) fn add(&mut self, now: SimTime, id: MessageGroup) {
        if !self.tenants.contains_key(&id) {
            let tenant = Tenant {
                visible: BTreeSet::new(),
                backlog: 0,
                in_flight: 0,
                messages: 0,
                account: Account::default(),
                last_sent: now,
                noise: Noise::Quiet,
            };
            self.enter(id, tenant.standing());
            self.tenants.insert(id, tenant);
        }
        self.change(id, |tenant, _| {
            tenant.messages += 1;
            tenant.last_sent = now;
        });
    }

    /// A message is gone; it was hidden before.
    pub(super) fn remove(&mut self, id: MessageGroup) {
        self.change(id, |tenant, _| tenant.messages -= 1);
    }

    pub(super) fn show(&mut self, id: MessageGroup, place: Place, sight: Sight) {
        self.change(id, |tenant, _| {
            if tenant.visible.insert(place) && sight == Sight::Changed {
                tenant.backlog += 1;
            }
        });
    }

    pub(super) fn hide(&mut self, now: SimTime, id: MessageGroup, place: Place, sight: Sight) {
        self.change(id, |tenant, _| {
            if tenant.visible.remove(&place) && sight == Sight::Changed {
                tenant.backlog -= 1;
            }
        });
        self.look_whether_quiet(now, id);
    }

    pub(super) fn begin_flight(&mut self, id: Option<MessageGroup>) {
        self.in_flight += 1;
        match id {
            Some(id) => {
                self.change(id, |tenant, _| tenant.in_flight += 1);
            }
            None => self.ungrouped_in_flight += 1,
        }
    }

    /// A message is deleted or comes back, after so long.
    pub(super) fn end_flight(&mut self, now: SimTime, id: Option<MessageGroup>, took: SimDuration) {
        self.in_flight -= 1;
        match id {
            Some(id) => {
                self.change(id, |tenant, book| {
                    tenant.in_flight -= 1;
                    book.enter(now, (Whose::Tenant(id), &mut tenant.account), took);
                });
                self.look_whether_quiet(now, id);
            }
            None => {
                self.ungrouped_in_flight -= 1;
                self.book
                    .enter(now, (Whose::NoGroup, &mut self.ungrouped), took);
            }
        }
    }

    fn shares(&self, tenant: &Tenant) -> Shares {
        Shares {
            in_flight: tenant.in_flight,
            in_flight_of_all: self.in_flight,
            processing: tenant.account.total,
            processing_of_all: self.book.total,
        }
    }

    fn look_whether_quiet(&mut self, now: SimTime, id: MessageGroup) {
        let Some(tenant) = self.tenants.get(&id) else {
            return;
        };
        // Of those without a group each is a tenant, with one message in flight at most.
        let in_flight = self.quiet.in_flight.last().map_or(0, |(most, _)| *most);
        let processing = self.quiet.processing.last().map_or(0, |(most, _)| *most);
        let quiet = QuietLevel {
            in_flight: in_flight.max(self.ungrouped_in_flight.min(1)),
            processing,
        };
        if tenant.noise == Noise::Noisy
            && !fair::stays_noisy(activity(tenant, now), self.shares(tenant), quiet)
        {
            self.change(id, |tenant, _| tenant.noise = Noise::Quiet);
        }
    }

    /// Brings up to date who is noisy.
    pub(super) fn refresh(&mut self, now: SimTime) {
        let mut changed = Vec::new();
        while let Some(whose) = self.book.next_due(now) {
            match whose {
                Whose::NoGroup => self.book.forget(&mut self.ungrouped),
                Whose::Tenant(id) => {
                    self.change(id, |tenant, book| book.forget(&mut tenant.account));
                    changed.push(id);
                }
            }
        }
        changed.sort_unstable();
        for id in changed {
            self.look_whether_quiet(now, id);
        }
        while let Some((last_sent, id)) = self.sends_of_noisy.first().copied()
            && now.since(last_sent) >= fair::QUIET_WITHOUT_SENDS
        {
            self.change(id, |tenant, _| tenant.noise = Noise::Quiet);
        }
        for id in self.over_a_threshold() {
            let is_active = self
                .tenants
                .get(&id)
                .is_some_and(|tenant| fair::can_be_noisy(activity(tenant, now)));
            if is_active {
                self.change(id, |tenant, _| tenant.noise = Noise::Noisy);
            }
        }
    }

    /// Those of the quiet whose shares are noisy: at most nine by each measure can have more than
    /// a tenth.
    fn over_a_threshold(&self) -> Vec<MessageGroup> {
        let mut found = Vec::new();
        let by_in_flight = self.quiet.in_flight.iter().rev().map(|(_, id)| *id);
        found.extend(by_in_flight.take_while(|id| self.is(*id, fair::is_noisy_by_concurrency)));
        let by_processing = self.quiet.processing.iter().rev().map(|(_, id)| *id);
        found.extend(by_processing.take_while(|id| self.is(*id, fair::is_noisy_by_processing)));
        found
    }

    fn is(&self, id: MessageGroup, rule: impl Fn(Shares) -> bool) -> bool {
        let tenant = self.tenants.get(&id);
        tenant.is_some_and(|tenant| rule(self.shares(tenant)))
    }

    /// Those that are noisy.
    pub(super) fn noisy_groups(&self) -> impl Iterator<Item = MessageGroup> {
        self.noisy.in_flight.iter().map(|(_, id)| *id)
    }

    /// How many are noisy.
    pub(super) fn noisy(&self) -> usize {
        self.noisy.in_flight.len()
    }

    /// Visible, in flight and all messages of the noisy together.
    pub(super) fn of_noisy(&self) -> [u32; 3] {
        let ids = self.noisy.in_flight.iter();
        let noisy = ids.filter_map(|(_, id)| self.tenants.get(id));
        noisy.fold([0; 3], |[visible, in_flight, messages], tenant| {
            [
                visible + tenant.backlog,
                in_flight + tenant.in_flight,
                messages + tenant.messages,
            ]
        })
    }

    pub(super) fn is_noisy(&self, id: MessageGroup) -> bool {
        let tenant = self.tenants.get(&id);
        tenant.is_some_and(|tenant| tenant.noise == Noise::Noisy)
    }
}

fn activity(tenant: &Tenant, now: SimTime) -> Activity {
    Activity {
        backlog: tenant.backlog,
        since_last_send: now.since(tenant.last_sent),
    }
}
