//! What the first load of the page weighs.

mod references;

use std::io::Write as _;
use std::path::Path;
use std::process::ExitCode;

use crate::{dist, place};

/// Bytes of everything the first load fetches, by gzip.
const BUDGET: usize = 200_000;

/// Builds the page and weighs it.
pub(crate) fn run() -> Result<ExitCode, String> {
    dist::build()?;
    Ok(if within_budget()? {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// Weighs the page in `dist/` and prints the table.
pub(crate) fn within_budget() -> Result<bool, String> {
    let folder = place::dist();
    let weigh = |file: &String| -> Result<Weight, String> {
        let weight = Weight::of(&folder.join(file)).map_err(|error| format!("{file}: {error}"))?;
        println!("{}  {file}", weight.row());
        Ok(weight)
    };
    let mut total = Weight::default();
    println!("{:>9} {:>9} {:>9}  first load", "raw", "gzip", "brotli");
    for file in &references::first_load(&folder)? {
        total = total.and(weigh(file)?);
    }
    println!("{}  all together", total.row());
    println!(
        "{:>9} {:>9} {:>9}  fetched later, at the first touch or link",
        "raw", "gzip", "brotli"
    );
    for file in &references::later(&folder)? {
        weigh(file)?;
    }
    let (share, verdict) = (total.gzip * 100 / BUDGET, total.gzip <= BUDGET);
    let word = if verdict { "within" } else { "over" };
    println!(
        "sizes: {} bytes by gzip, {share} % of {BUDGET}: {word} budget",
        total.gzip
    );
    Ok(verdict)
}

/// Bytes of a file.
#[derive(Clone, Copy, Default)]
struct Weight {
    raw: usize,
    gzip: usize,
    brotli: usize,
}

impl Weight {
    fn of(file: &Path) -> std::io::Result<Self> {
        let bytes = std::fs::read(file)?;
        // Level 6 is what servers use that compress as they send.
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::new(6));
        gzip.write_all(&bytes)?;
        let mut packed = Vec::new();
        let best = brotli::enc::BrotliEncoderParams::default();
        brotli::BrotliCompress(&mut bytes.as_slice(), &mut packed, &best)?;
        Ok(Self {
            raw: bytes.len(),
            gzip: gzip.finish()?.len(),
            brotli: packed.len(),
        })
    }

    fn and(self, other: Self) -> Self {
        Self {
            raw: self.raw + other.raw,
            gzip: self.gzip + other.gzip,
            brotli: self.brotli + other.brotli,
        }
    }

    fn row(self) -> String {
        let Self { raw, gzip, brotli } = self;
        format!("{raw:>9} {gzip:>9} {brotli:>9}")
    }
}
