//! How Amazon SQS fair queues work (DG).

use super::*;

/// Sends messages of a tenant.
fn send(lab: &mut Lab, tenant: &'static str, count: u32) {
    for _ in 0..count {
        let request = SendRequest {
            content_id: None,
            ..lab.request(tenant)
        };
        lab.call(|service, now, effects| service.send(now, JOBS, request, effects))
            .unwrap();
    }
}

/// Receives so many, one by one.
fn receive(lab: &mut Lab, count: u32, seconds: u64) -> Vec<Message> {
    (0..count)
        .flat_map(|_| lab.receive_up_to(1, seconds))
        .collect()
}

fn noisy(lab: &mut Lab) -> u32 {
    let counts = lab.call(|service, now, effects| service.fair_counts(now, JOBS, effects));
    counts.unwrap().noisy_groups
}

#[test]
fn who_has_a_tenth_and_thirty_in_flight_waits_for_the_quiet() {
    let mut lab = lab();
    send(&mut lab, "a", 40);
    assert_eq!(bodies(&receive(&mut lab, 29, 600)), ["a"; 29]);
    send(&mut lab, "b", 1);
    assert_eq!(
        bodies(&receive(&mut lab, 1, 600)),
        ["a"],
        "29 are not enough"
    );
    assert_eq!(bodies(&receive(&mut lab, 3, 600)), ["b", "a", "a"]);
    lab.send("m");
    assert_eq!(
        bodies(&receive(&mut lab, 2, 600)),
        ["m", "a"],
        "no group: quiet"
    );
}

#[test]
fn of_several_noisy_the_one_with_the_fewest_in_flight_is_first() {
    let mut lab = lab();
    send(&mut lab, "a", 35);
    send(&mut lab, "b", 33);
    receive(&mut lab, 68, 600);
    send(&mut lab, "a", 3);
    send(&mut lab, "b", 5);
    send(&mut lab, "c", 1);
    let got = receive(&mut lab, 6, 600);
    assert_eq!(bodies(&got), ["c", "b", "b", "a", "b", "a"]);
}

#[test]
fn who_takes_a_tenth_of_the_consumers_time_waits_too() {
    let mut lab = lab();
    send(&mut lab, "a", 1);
    let slow = receive(&mut lab, 1, 600);
    lab.at(50_000).delete(slow[0].receipt_handle);
    for tenant in ["c", "d", "e", "f", "g", "h", "i", "j", "k", "l"] {
        send(&mut lab, tenant, 1);
    }
    for message in receive(&mut lab, 10, 600) {
        lab.delete(message.receipt_handle);
    }
    send(&mut lab, "a", 2);
    send(&mut lab, "b", 2);
    assert_eq!(bodies(&receive(&mut lab, 4, 600)), ["b", "b", "a", "a"]);
    send(&mut lab, "a", 1);
    send(&mut lab, "b", 1);
    lab.at(349_000);
    assert_eq!(noisy(&mut lab), 1);
    lab.at(350_000);
    assert_eq!(
        noisy(&mut lab),
        0,
        "the time is forgotten after five minutes"
    );
    assert_eq!(bodies(&receive(&mut lab, 2, 600)), ["a", "b"]);
}

#[test]
fn a_noisy_tenant_is_quiet_when_its_backlog_is_used_up() {
    let mut lab = lab();
    send(&mut lab, "a", 31);
    receive(&mut lab, 30, 600);
    assert_eq!(noisy(&mut lab), 1);
    assert_eq!(bodies(&receive(&mut lab, 1, 600)), ["a"]);
    assert_eq!(noisy(&mut lab), 0);
    send(&mut lab, "a", 1);
    assert_eq!(noisy(&mut lab), 1, "and is found again with a new one");
}

#[test]
fn a_noisy_tenant_is_quiet_when_it_has_sent_nothing_for_five_minutes() {
    let mut lab = lab();
    send(&mut lab, "a", 40);
    receive(&mut lab, 30, 600);
    lab.at(299_999);
    assert_eq!(noisy(&mut lab), 1);
    send(&mut lab, "b", 1);
    lab.at(300_000);
    assert_eq!(noisy(&mut lab), 0);
    assert_eq!(bodies(&receive(&mut lab, 1, 600)), ["a"]);
}

#[test]
fn a_noisy_tenant_stays_so_until_its_shares_are_down_to_what_quiet_ones_have() {
    let mut lab = lab();
    send(&mut lab, "a", 60);
    let held = receive(&mut lab, 31, 600);
    send(&mut lab, "b", 4);
    assert_eq!(bodies(&receive(&mut lab, 2, 600)), ["b"; 2]);
    for message in &held[..20] {
        lab.delete(message.receipt_handle);
    }
    assert_eq!(noisy(&mut lab), 1, "11 in flight are few, and more than 2");
    for message in &held[20..28] {
        lab.delete(message.receipt_handle);
    }
    assert_eq!(noisy(&mut lab), 1);
    lab.delete(held[28].receipt_handle);
    assert_eq!(noisy(&mut lab), 0, "2, as many as b has");
    assert_eq!(bodies(&receive(&mut lab, 2, 600)), ["a"; 2]);
}

#[test]
fn the_counts_of_quiet_groups_leave_the_noisy_out() {
    let mut lab = lab();
    send(&mut lab, "a", 40);
    receive(&mut lab, 30, 600);
    lab.at(1_000).send("m");
    send(&mut lab, "b", 2);
    receive(&mut lab, 1, 600);
    let counts = lab.call(|service, now, effects| service.fair_counts(now, JOBS, effects));
    let counts = counts.unwrap();
    assert_eq!(counts.noisy_groups, 1);
    assert_eq!(counts.visible_in_quiet_groups, 2);
    assert_eq!(counts.not_visible_in_quiet_groups, 1);
    assert_eq!(counts.delayed_in_quiet_groups, 0);
    assert_eq!(
        counts.oldest_in_quiet_groups,
        Some(SimTime::from_millis(1_000))
    );
}
