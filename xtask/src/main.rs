//! The commands of the project. `cargo xtask` alone lists them.

mod bench;
mod dist;
mod import;
mod install;
mod place;
mod process;
mod serve;
mod simulate;
mod sizes;
mod test;
mod tidy;
mod vectors;

use std::process::ExitCode;

use vectors::Detail;

const USAGE: &str = "\
usage: cargo xtask COMMAND

  serve                          get what is missing, build, and serve the page on this machine
  test [--only native|wasm|e2e]  everything that must hold, or a part of it
  simulate FILE [--trace OUT]    run a scenario; the trace goes to OUT as JSON Lines
  import-recording FILE [OUT]    a recording of real Kafka as a scenario, beside our simulation
                                 of the same actions
  vectors [DIR] [--verbose]      compare with the real systems' answers (tests/vectors); with
                                 recordings of Kafka side by side with ours
  dist                           the page for a web server, in dist/
  sizes                          what the first load of the page weighs, against the budget
  bench                          how fast it is, beside the budgets
  tidy                           the rules about files that no compiler checks";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match run(&words) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("xtask: {error}");
            ExitCode::FAILURE
        }
    }
}

/// A command that has said itself what failed answers with a code, the others with an error.
fn run(words: &[&str]) -> Result<ExitCode, String> {
    match words {
        ["serve"] => serve::run(),
        ["test", rest @ ..] => test::run(rest),
        ["simulate", rest @ ..] => simulate::run(rest),
        ["import-recording", rest @ ..] => import::run(rest),
        ["vectors", rest @ ..] => {
            let (options, folders): (Vec<&str>, Vec<&str>) =
                rest.iter().partition(|word| **word == "--verbose");
            let detail = if options.is_empty() {
                Detail::Brief
            } else {
                Detail::Verbose
            };
            match folders[..] {
                [] => vectors::run(&place::root().join("tests/vectors"), detail),
                [folder] => vectors::run(folder.as_ref(), detail),
                _ => Err(format!("vectors takes one folder\n\n{USAGE}")),
            }
        }
        ["dist"] => dist::run(),
        ["sizes"] => sizes::run(),
        ["bench"] => bench::run(),
        ["tidy"] => tidy::run(),
        [] | ["help" | "--help" | "-h"] => {
            println!("{USAGE}");
            Ok(ExitCode::SUCCESS)
        }
        _ => Err(format!("{:?} is not a command\n\n{USAGE}", words.join(" "))),
    }
}
