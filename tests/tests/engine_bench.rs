//! How fast the simulation is, natively and in a browser: `cargo xtask bench` runs it. It prints,
//! it never fails.

use std::rc::Rc;

use broker_lab_core::kafka::assignor::{
    Assignor, MemberSubscription, ServerAssignor, ShareAssignor, TopicMetadata,
};
use broker_lab_core::kafka::group::MemberId;
use broker_lab_core::{
    ActorId, Batch, Generation, Record, Run, Scenario, SimTime, Simulation, TopicId, TopicPartition,
};
use wasm_bindgen_test::wasm_bindgen_test;

#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

/// A million events, and a little more.
const MILLION: u32 = 100_000;
const SEEKS: u32 = 200;
/// Steps that the page asks the engine for at once.
const SLICE: u32 = 2_000;

#[cfg(target_arch = "wasm32")]
macro_rules! say {
    ($($words:tt)*) => { wasm_bindgen_test::console_log!($($words)*) };
}
#[cfg(not(target_arch = "wasm32"))]
macro_rules! say {
    ($($words:tt)*) => { println!($($words)*) };
}

#[wasm_bindgen_test(unsupported = test)]
fn events_per_second() {
    for (lanes, messages) in [("both", MILLION), ("sqs", MILLION), ("kafka", MILLION)] {
        let (run, ms) = timed(|| Run::complete(scenario(lanes, messages)));
        let events = run.trace().len();
        say!("bench: engine lanes={lanes} events={events} ms={ms:.1}");
    }
}

/// The way of the page: the engine is a module of its own, and what happens comes as bytes. (All
/// in one module here: the copy from one memory to the other is left out.)
#[wasm_bindgen_test(unsupported = test)]
fn events_per_second_as_bytes() {
    let (events, ms) = timed(|| {
        let mut simulation = Simulation::new(scenario("both", MILLION));
        let mut record = Record::new(Rc::clone(simulation.scenario()));
        while record.stop().is_none() {
            let mut batch = Batch::default();
            simulation.advance(SLICE, &mut batch);
            let bytes = batch.to_bytes();
            drop(batch);
            record.extend(&Batch::from_bytes(&bytes).expect("what was just written"));
        }
        record.trace().len()
    });
    say!("bench: bytes lanes=both events={events} ms={ms:.1}");
}

/// What an event costs where a few wait, and where very many do.
#[wasm_bindgen_test(unsupported = test)]
fn cost_of_an_event_as_the_queue_grows() {
    for kind in ["standard", "fifo", "fair"] {
        for (messages, workers) in [(1_000, 10), (MILLION, 100)] {
            let times = MILLION / messages;
            // Only the simulation: what is known of it grows with the trace, not with the queue.
            let (events, ms) = timed(|| {
                let lengths = (0..times).map(|_| {
                    let mut simulation = Simulation::new(backlog(kind, messages, workers));
                    let mut events = 0;
                    let mut stop = None;
                    while stop.is_none() {
                        let mut batch = Batch::default();
                        simulation.advance(SLICE, &mut batch);
                        (stop, events) = (batch.stop, events + batch.events.len());
                    }
                    events
                });
                lengths.sum::<usize>()
            });
            let each = events / times as usize;
            let ns = ms * 1e6 / events as f64;
            say!(
                "bench: queue kind={kind} messages={messages} workers={workers} events={each} ns={ns:.0}"
            );
        }
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn cost_of_an_event_as_the_trace_grows() {
    for messages in [1_000, 10_000, MILLION, 380_000] {
        // Short runs are repeated until a clock can measure them.
        let times = (MILLION / messages).max(1);
        let (events, ms) = timed(|| {
            let lengths =
                (0..times).map(|_| Run::complete(scenario("both", messages)).trace().len());
            lengths.sum::<usize>()
        });
        let each = events / times as usize;
        let ns = ms * 1e6 / events as f64;
        say!("bench: growth events={each} ns={ns:.0}");
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn seeks() {
    let run = Run::complete(scenario("both", MILLION));
    let end = run.simulated_until().as_micros();
    let mut random = 42_u64;
    let mut times: Vec<f64> = (0..SEEKS)
        .map(|_| {
            random = random
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            let at = SimTime::from_micros((random >> 11) % end);
            timed(|| std::hint::black_box(run.world_at(at))).1
        })
        .collect();
    times.sort_by(f64::total_cmp);
    let events = run.trace().len();
    let median = times[times.len() / 2];
    let most = times.last().copied().unwrap_or_default();
    say!("bench: seek events={events} median_ms={median:.2} max_ms={most:.2}");
}

/// Every assignor, as a large group runs it when a tenth of its members are new: all subscribe to
/// the same, or each to nine topics of ten.
#[wasm_bindgen_test(unsupported = test)]
fn assignment() {
    for (partitions, members, times) in [(1_000, 100, 20_u8), (10_000, 1_000, 2)] {
        for subscriptions in ["equal", "different"] {
            let group = group(partitions, members, subscriptions);
            for name in ["range", "roundrobin", "sticky", "cooperative-sticky"]
                .into_iter()
                .chain(["uniform", "server range", "simple"])
            {
                let (_, ms) = timed(|| {
                    for _ in 0..times {
                        std::hint::black_box(assign(name, &group));
                    }
                });
                let each = ms / f64::from(times);
                let name = name.replace(' ', "-");
                say!(
                    "bench: assignment assignor={name} subscriptions={subscriptions} \
                     partitions={partitions} members={members} ms={each:.2}"
                );
            }
        }
    }
}

type Group = (Vec<TopicMetadata>, Vec<MemberSubscription>);

fn assign(assignor: &str, (topics, members): &Group) -> Vec<Vec<TopicPartition>> {
    match assignor {
        "uniform" => ServerAssignor::Uniform.assign(topics, members),
        "server range" => ServerAssignor::Range.assign(topics, members),
        "simple" => ShareAssignor::Simple.assign(topics, members, |_| true),
        name => Assignor::ALL
            .into_iter()
            .find(|known| known.name() == name)
            .expect("an assignor")
            .assign(topics, members),
    }
}

/// Ten topics, and members that had an even part of them, but for the last tenth.
fn group(partitions: u16, members: u16, subscriptions: &str) -> Group {
    const TOPICS: u16 = 10;
    let topics: Vec<_> = (0..TOPICS)
        .map(|topic| TopicMetadata::new(TopicId(topic), partitions / TOPICS))
        .collect();
    let mut members: Vec<_> = (0..members)
        .map(|actor| {
            let id = MemberId {
                actor: ActorId(actor),
                incarnation: 0,
            };
            let mut wanted: Vec<_> = (0..TOPICS).map(TopicId).collect();
            if subscriptions == "different" {
                wanted.remove(usize::from(actor % TOPICS));
            }
            MemberSubscription::new(id, wanted)
        })
        .collect();
    let old = members.len() - members.len() / 10;
    let (old, _) = members.split_at_mut(old);
    for (had, member) in Assignor::RoundRobin
        .assign(&topics, old)
        .into_iter()
        .zip(old)
    {
        member.owned = had;
        member.generation = Some(Generation(1));
        member.user_data_generation = member.generation;
    }
    (topics, members)
}

/// Alone in its process, so that nothing else is counted.
#[cfg(target_os = "linux")]
#[test]
fn memory() {
    let scenario = scenario("both", MILLION);
    let before = resident();
    let run = Run::complete(scenario);
    let bytes = resident().saturating_sub(before);
    let events = run.trace().len();
    let snapshots = run.history().snapshot_count();
    say!("bench: memory events={events} snapshots={snapshots} bytes={bytes}");
}

/// Bytes of this process that are in memory.
#[cfg(target_os = "linux")]
fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("Linux says it");
    let line = status.lines().find(|line| line.starts_with("VmRSS:"));
    let kilobytes = line.and_then(|line| line.split_whitespace().nth(1)?.parse::<u64>().ok());
    kilobytes.expect("a number of kB") * 1024
}

/// A queue and a log that keep up with `messages` messages, sent at 1,000 a second.
fn scenario(lanes: &str, messages: u32) -> Scenario {
    let sqs = r#"{ "name": "queue", "sqs": {
        "queues": [{ "name": "orders", "visibility_timeout": "30s" }],
        "workers": [{ "name": "worker", "count": 50, "queue": "orders", "max_number_of_messages": 10 }] } }"#;
    let kafka = r#"{ "name": "log", "kafka": {
        "brokers": 3,
        "topics": [{ "name": "orders", "partitions": 60, "replication_factor": 3 }],
        "groups": [{ "name": "billing", "topics": ["orders"], "members": 30, "auto_offset_reset": "earliest" }] } }"#;
    let lanes = match lanes {
        "sqs" => sqs.to_owned(),
        "kafka" => kafka.to_owned(),
        _ => format!("{sqs}, {kafka}"),
    };
    let keys: Vec<String> = (0..200).map(|n| format!("\"customer-{n}\"")).collect();
    let horizon = messages / 1_000 + 60;
    let document = format!(
        r#"{{ "version": 1, "seed": 42, "horizon": "{horizon}s",
        "workload": {{
            "producers": [{{ "name": "checkout", "rate": "1000/s", "count": {messages}, "keys": [{}] }}],
            "work": {{ "takes": "20ms", "varies": "50%" }},
            "failures": [{{ "chance": "1%" }}] }},
        "lanes": [{lanes}] }}"#,
        keys.join(", ")
    );
    Scenario::from_json(&document).expect("a sound scenario")
}

/// A queue that `messages` messages come into within a second, and workers who clear it.
fn backlog(kind: &str, messages: u32, workers: u32) -> Scenario {
    let (name, fair) = match kind {
        "fifo" => ("orders.fifo", "false"),
        "fair" => ("orders", "true"),
        _ => ("orders", "false"),
    };
    let keys: Vec<String> = (0..200).map(|n| format!("\"customer-{n}\"")).collect();
    let document = format!(
        r#"{{ "version": 1, "seed": 42, "horizon": "120s",
        "workload": {{
            "producers": [{{ "name": "checkout", "rate": "{messages}/s", "count": {messages}, "keys": [{}] }}],
            "work": {{ "takes": "20ms", "varies": "50%" }} }},
        "lanes": [{{ "name": "queue", "sqs": {{
            "queues": [{{ "name": "{name}", "visibility_timeout": "30s" }}],
            "fair": {fair},
            "workers": [{{ "name": "worker", "count": {workers}, "queue": "{name}",
                "max_number_of_messages": 10, "wait_time": "20s" }}] }} }}] }}"#,
        keys.join(", ")
    );
    Scenario::from_json(&document).expect("a sound scenario")
}

/// The result and the milliseconds it took.
fn timed<T>(work: impl FnOnce() -> T) -> (T, f64) {
    let before = now_ms();
    let result = work();
    (result, now_ms() - before)
}

#[cfg(target_arch = "wasm32")]
fn now_ms() -> f64 {
    let performance = web_sys::window().and_then(|window| window.performance());
    performance.expect("a page has a clock").now()
}

#[cfg(not(target_arch = "wasm32"))]
fn now_ms() -> f64 {
    use std::sync::OnceLock;
    use std::time::Instant;
    static START: OnceLock<Instant> = OnceLock::new();
    START.get_or_init(Instant::now).elapsed().as_secs_f64() * 1e3
}
