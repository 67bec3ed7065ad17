//! Programs that a command starts.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::place;

/// A program, started in the folder of the repository.
pub(crate) fn command(program: impl AsRef<Path>, arguments: &[&str]) -> Command {
    let mut command = Command::new(program.as_ref());
    command.current_dir(place::root()).args(arguments);
    command
}

/// The cargo that runs us.
pub(crate) fn cargo(arguments: &[&str]) -> Command {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    command(PathBuf::from(cargo), arguments)
}

/// Runs a program to its end, and shows what it says.
pub(crate) fn run(command: &mut Command) -> Result<(), String> {
    println!("$ {}", words(command));
    let status = command.status().map_err(|error| cannot(command, &error))?;
    if status.success() {
        Ok(())
    } else {
        Err(format!("{} failed ({status})", words(command)))
    }
}

/// What came of a program whose output was shown and kept.
pub(crate) struct Shown {
    pub(crate) ok: bool,
    pub(crate) output: String,
}

/// Runs a program to its end, shows what it says, and keeps its standard output.
pub(crate) fn run_and_keep(command: &mut Command) -> Result<Shown, String> {
    println!("$ {}", words(command));
    let mut child = command
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| cannot(command, &error))?;
    let mut output = String::new();
    if let Some(pipe) = child.stdout.take() {
        let mut pipe = BufReader::new(pipe);
        let mut line = Vec::new();
        while pipe.read_until(b'\n', &mut line).unwrap_or(0) > 0 {
            let text = String::from_utf8_lossy(&line);
            print!("{text}");
            output.push_str(&text);
            line.clear();
            // A run that hangs must have shown what it was doing.
            std::io::stdout()
                .flush()
                .map_err(|error| cannot(command, &error))?;
        }
    }
    let status = child.wait().map_err(|error| cannot(command, &error))?;
    Ok(Shown {
        ok: status.success(),
        output,
    })
}

/// What a program prints, without showing it; `None` if it is missing or fails.
pub(crate) fn answer(program: impl AsRef<Path>, arguments: &[&str]) -> Option<String> {
    let output = command(program, arguments).output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout);
    output.status.success().then(|| text.trim().to_owned())
}

/// The program called `name` on the search path.
pub(crate) fn find(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let name = format!("{name}{}", std::env::consts::EXE_SUFFIX);
    std::env::split_paths(&path)
        .map(|folder| folder.join(&name))
        .find(|file| file.is_file())
}

fn cannot(command: &Command, error: &std::io::Error) -> String {
    format!("cannot run {}: {error}", words(command))
}

/// The command as a person would type it, without the folders of the program.
fn words(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let name = program.file_name().unwrap_or(command.get_program());
    let words = std::iter::once(name).chain(command.get_args());
    let words: Vec<_> = words.map(|word| word.to_string_lossy()).collect();
    words.join(" ")
}
