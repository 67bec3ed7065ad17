//! One rule after the other, in small documents.

#[test]
fn dump() {
    let Ok(seed) = std::env::var("SEED") else {
        return;
    };
    let faults = if std::env::var("ANY").is_ok() {
        broker_lab_tests::random::Faults::Any
    } else {
        broker_lab_tests::random::Faults::OneAtATime
    };
    let s = broker_lab_tests::random::cluster_scenario(seed.parse().unwrap(), faults);
    println!("{}", s.to_json());
    if let Err(f) = s.check() {
        println!("{f}");
        return;
    }
    let run = broker_lab_core::Run::complete(s);
    for e in run.trace().iter() {
        println!("{e}");
    }
}
