//! Checks what commands do to consumers and their groups.

use super::words::known;
use crate::cast::{Cast, LaneKind};
use crate::scenario::fault::Inspector;
use crate::scenario::{Command, limits};

/// Checks what a command does to consumers; how many such things it does.
pub(super) fn check_consumer_command(i: &mut Inspector, cast: &Cast, command: &Command) -> usize {
    let logs = cast
        .lanes
        .iter()
        .filter(|lane| lane.kind == LaneKind::Kafka);
    let actors = logs.flat_map(|lane| &lane.actors);
    let names: Vec<&str> = actors.map(|actor| actor.name.as_str()).collect();
    let mut given = 0;
    for (field, consumer) in [("freeze", &command.freeze), ("thaw", &command.thaw)] {
        let Some(consumer) = consumer else { continue };
        given += 1;
        known(i, field, consumer, &names);
    }
    if let Some(slow) = &command.slow_down {
        given += 1;
        i.at("slow_down", |i| {
            known(i, "consumer", &slow.consumer, &names);
            i.within("times", slow.times, limits::SLOWNESS);
        });
    }
    given
}
