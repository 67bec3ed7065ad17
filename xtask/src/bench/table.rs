//! The measurements beside what they are to be.

use std::fmt::Write as _;

use super::line::Line;

/// Trace events a second.
const NATIVE_EVENTS: f64 = 4e6;
const BROWSER_EVENTS: f64 = 2e6;
/// Milliseconds of a seek anywhere in a million events: one frame.
const SEEK_MS: f64 = 16.0;
/// Megabytes of a million events with their snapshots.
const MEMORY_MB: f64 = 128.0;
/// How much more an event may cost in a long trace than in a short one.
const GROWTH: f64 = 1.5;
/// How much more an event may cost where very many messages wait than where a few do.
const QUEUE_GROWTH: f64 = 2.0;
/// Milliseconds for 1,000 partitions and 100 members.
const ASSIGNMENT_MS: f64 = 5.0;
const ASSIGNMENT_PARTITIONS: f64 = 1_000.0;
/// Frames a second.
const FRAMES: f64 = 55.0;
/// Marks that can be seen at once, by device pixel ratio; more is welcome.
const MARKS: [(&str, f64); 2] = [("1", 10_000.0), ("2", 5_000.0)];

/// One row: what, measured, budget.
struct Row([String; 3]);

/// The table of what was measured natively and in a browser.
pub(super) fn of(native: &[Line], browser: &[Line]) -> String {
    let mut rows = vec![Row(["what", "measured", "budget"].map(String::from))];
    rows.extend(native.iter().filter_map(|line| row(line, "native")));
    rows.extend(growth(native, "native"));
    rows.extend(queue_growth(native, "native"));
    rows.extend(browser.iter().filter_map(|line| row(line, "Chromium")));
    rows.extend(growth(browser, "Chromium"));
    rows.extend(queue_growth(browser, "Chromium"));
    let width = |column: usize| {
        let cells = rows.iter().map(|row| row.0[column].chars().count());
        cells.max().unwrap_or(0)
    };
    let (what_width, measured_width) = (width(0), width(1));
    let mut text = String::new();
    for Row([what, measured, budget]) in &rows {
        // Writing into a string cannot fail.
        writeln!(
            text,
            "{what:what_width$}  {measured:measured_width$}  {budget}"
        )
        .unwrap_or_default();
    }
    text
}

fn row(line: &Line, place: &str) -> Option<Row> {
    let cells = match line.name.as_str() {
        "engine" | "bytes" => engine(line, place),
        "seek" => [
            format!("{place}: seek in {} events", line.word("events")),
            format!(
                "{} ms, at most {} ms",
                line.word("median_ms"),
                line.word("max_ms")
            ),
            format!("at most {SEEK_MS} ms"),
        ],
        "memory" => {
            let megabytes = line.number("bytes") / 1e6;
            let per_million = megabytes * 1e6 / line.number("events").max(1.0);
            [
                format!("{place}: memory of {} events", line.word("events")),
                format!("{megabytes:.0} MB, {per_million:.0} MB a million"),
                format!("at most {MEMORY_MB} MB a million"),
            ]
        }
        "assignment" => assignment(line, place),
        "frames" => frames(line, place),
        "labels" => [
            format!(
                "{place}: first painting of {} labels at ratio {}",
                line.word("new"),
                line.word("ratio")
            ),
            format!("{} ms", line.word("ms")),
            String::new(),
        ],
        _ => return None,
    };
    Some(Row(cells))
}

fn engine(line: &Line, place: &str) -> [String; 3] {
    let per_second = line.number("events") * 1e3 / line.number("ms").max(0.1);
    let budget = if place == "native" {
        NATIVE_EVENTS
    } else {
        BROWSER_EVENTS
    };
    let way = if line.name == "bytes" {
        ", handed over as bytes"
    } else {
        ""
    };
    [
        format!(
            "{place}: simulate {} events, lanes: {}{way}",
            line.word("events"),
            line.word("lanes")
        ),
        format!("{:.2} M events/s", per_second / 1e6),
        format!("at least {} M events/s", budget / 1e6),
    ]
}

fn assignment(line: &Line, place: &str) -> [String; 3] {
    let promised = line.number("partitions") <= ASSIGNMENT_PARTITIONS;
    [
        format!(
            "{place}: assignor {}, {} subscriptions, {} partitions × {} members",
            line.word("assignor"),
            line.word("subscriptions"),
            line.word("partitions"),
            line.word("members")
        ),
        format!("{} ms", line.word("ms")),
        if promised {
            format!("at most {ASSIGNMENT_MS} ms")
        } else {
            String::new()
        },
    ]
}

fn frames(line: &Line, place: &str) -> [String; 3] {
    let (marks, ratio) = (line.word("marks"), line.word("ratio"));
    let (way, crowd) = (line.word("way"), line.word("crowd"));
    let promised = MARKS
        .iter()
        .any(|(at, most)| *at == ratio && line.number("marks") <= *most);
    [
        format!("{place}: {marks} marks at ratio {ratio} ({way}, {crowd})"),
        format!(
            "{} frames/s, script {} ms",
            line.word("fps"),
            line.word("ms")
        ),
        if promised && way == "Layer" {
            format!("at least {FRAMES} frames/s")
        } else {
            String::new()
        },
    ]
}

/// What an event costs in the longest trace, by what it costs in the shortest.
fn growth(lines: &[Line], place: &str) -> Option<Row> {
    let mut steps = lines.iter().filter(|line| line.name == "growth");
    let first = steps.next()?;
    let last = steps.next_back()?;
    let factor = last.number("ns") / first.number("ns").max(1.0);
    Some(Row([
        format!(
            "{place}: cost of an event, {} to {} events",
            first.word("events"),
            last.word("events")
        ),
        format!(
            "{} ns to {} ns, × {factor:.1}",
            first.word("ns"),
            last.word("ns")
        ),
        format!("at most × {GROWTH}"),
    ]))
}

/// What an event costs with the longest queue of each kind, by what it costs with the shortest.
fn queue_growth(lines: &[Line], place: &str) -> Vec<Row> {
    let queues: Vec<&Line> = lines.iter().filter(|line| line.name == "queue").collect();
    let pairs = queues.windows(2).filter_map(|pair| match *pair {
        [few, many] if few.word("kind") == many.word("kind") => Some((few, many)),
        _ => None,
    });
    let rows = pairs.map(|(few, many)| {
        let factor = many.number("ns") / few.number("ns").max(1.0);
        Row([
            format!(
                "{place}: cost of an event, {} queue, {} messages × {} workers to {} × {}",
                few.word("kind"),
                few.word("messages"),
                few.word("workers"),
                many.word("messages"),
                many.word("workers")
            ),
            format!(
                "{} ns to {} ns, × {factor:.1}",
                few.word("ns"),
                many.word("ns")
            ),
            format!("at most × {QUEUE_GROWTH}"),
        ])
    });
    rows.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_has_the_rate_and_the_budget_of_its_place() {
        let lines = Line::all_in(
            "bench: engine lanes=both events=1000000 ms=250.0\n\
             bench: growth events=10000 ns=200\nbench: growth events=4000000 ns=300\n",
        );
        let table = of(&lines, &lines);
        let row = |place: &str| {
            let mut rows = table.lines().filter(|row| row.starts_with(place));
            rows.next().unwrap_or_default()
        };
        for (place, budget) in [("native", "4"), ("Chromium", "2")] {
            let row = row(&format!("{place}: simulate"));
            assert!(row.contains("4.00 M events/s"), "{row}");
            assert!(
                row.ends_with(&format!("at least {budget} M events/s")),
                "{row}"
            );
        }
        assert!(
            row("native: cost").contains("200 ns to 300 ns, × 1.5"),
            "{table}"
        );
    }

    #[test]
    fn each_kind_of_queue_has_its_growth_and_the_way_by_bytes_its_rate() {
        let lines = Line::all_in(
            "bench: queue kind=standard messages=10 workers=1 events=90 ns=100\n\
             bench: queue kind=standard messages=99 workers=9 events=900 ns=150\n\
             bench: queue kind=fifo messages=10 workers=1 events=90 ns=100\n\
             bench: queue kind=fifo messages=99 workers=9 events=900 ns=210\n\
             bench: bytes lanes=both events=1000000 ms=500.0\n",
        );
        let table = of(&lines, &lines);
        let plain = table.split_whitespace().collect::<Vec<_>>().join(" ");
        for growth in [
            "standard queue, 10 messages × 1 workers to 99 × 9 100 ns to 150 ns, × 1.5 at most × 2",
            "fifo queue, 10 messages × 1 workers to 99 × 9 100 ns to 210 ns, × 2.1 at most × 2",
        ] {
            assert_eq!(plain.matches(growth).count(), 2, "{table}");
        }
        let by_bytes = table.lines().filter(|row| row.contains("as bytes"));
        assert!(by_bytes.clone().all(|row| row.contains("2.00 M events/s")));
        assert_eq!(by_bytes.count(), 2, "{table}");
    }

    #[test]
    fn an_assignor_has_a_budget_for_a_thousand_partitions() {
        let lines = Line::all_in(
            "bench: assignment assignor=sticky subscriptions=equal partitions=1000 members=100 ms=1.5\n\
             bench: assignment assignor=sticky subscriptions=equal partitions=10000 members=1000 ms=40\n",
        );
        let table = of(&lines, &[]);
        let rows = "native: assignor sticky, equal subscriptions";
        assert_eq!(table.matches(rows).count(), 2, "{table}");
        assert_eq!(table.matches("at most 5 ms").count(), 1, "{table}");
    }

    #[test]
    fn a_promise_about_marks_depends_on_the_pixel_ratio() {
        let lines = Line::all_in(
            "bench: frames marks=10000 ratio=1 fps=60 ms=3.3 way=Layer crowd=Full\n\
             bench: frames marks=10000 ratio=2 fps=58 ms=8.7 way=Layer crowd=Full\n",
        );
        let table = of(&[], &lines);
        assert_eq!(table.matches("at least 55 frames/s").count(), 1, "{table}");
    }
}
