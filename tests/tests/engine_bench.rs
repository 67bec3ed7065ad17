//! How fast the simulation is, natively and in a browser: `cargo xtask bench` runs it. It prints,
//! it never fails.

use broker_lab_core::kafka::assignor::{Assignor, MemberSubscription, TopicMetadata};
use broker_lab_core::kafka::group::MemberId;
use broker_lab_core::{ActorId, Run, Scenario, SimTime, TopicId};
use wasm_bindgen_test::wasm_bindgen_test;

#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

/// A million events, and a little more.
const MILLION: u32 = 100_000;
const SEEKS: u32 = 200;

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

/// The default assignor, as a rebalance of a large group runs it.
#[wasm_bindgen_test(unsupported = test)]
fn assignment() {
    const TIMES: u32 = 50;
    let topics = [TopicMetadata::new(TopicId(0), 1_000)];
    let members: Vec<MemberSubscription> = (0..100)
        .map(|n| MemberSubscription {
            member: MemberId {
                actor: ActorId(n),
                incarnation: 0,
            },
            group_instance_id: None,
            rack: None,
            topics: vec![TopicId(0)],
        })
        .collect();
    let (_, ms) = timed(|| {
        for _ in 0..TIMES {
            std::hint::black_box(Assignor::default().assign(&topics, &members));
        }
    });
    let each = ms / f64::from(TIMES);
    let name = Assignor::default().name();
    say!("bench: assignment assignor={name} partitions=1000 members=100 ms={each:.2}");
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
