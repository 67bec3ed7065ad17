//! A recording of real Kafka beside what our engine shows of the same actions, fact by fact.

use broker_lab_tests::vectors::kafka_recordings::{FactOutcome, FactResult};

/// Prints every fact of a recording with both sides and the bound.
pub(super) fn print(title: &str, facts: &[FactResult]) {
    println!("{title}");
    for fact in facts {
        println!("  {}", fact.id);
        match &fact.outcome {
            FactOutcome::Compared(compared) => {
                let verdict = if compared.holds {
                    "holds"
                } else {
                    "does not hold"
                };
                println!("    Kafka: {}", compared.recorded);
                println!("    ours:  {}", compared.ours);
                println!("    bound: {} ({verdict})", compared.bound);
            }
            FactOutcome::Unknown(why) => println!("    cannot be compared: {why}"),
            FactOutcome::Skipped(reason) => println!("    skipped: {reason}"),
        }
    }
}
