//! Contact sheets: `cargo test -p broker-lab-web -- --ignored contact_sheets` writes them to the
//! folder for temporary files.

use std::{fs::File, io::BufWriter};

use super::{STATES, dark, light, opaque};
use crate::paint::{Again, Atlas, Hue, Layer, Look, Mark, MarkSize, MarkState, Palette, Pips};

const WIDTH: f32 = 600.0;
const HEIGHT: f32 = 720.0;
const PITCH: f32 = 48.0;

#[test]
#[ignore = "writes pictures for a person to look at"]
fn contact_sheets() {
    for (name, palette, ground) in [
        ("light", light(), opaque(0xffffff)),
        ("dark", dark(), opaque(0x1a1c20)),
    ] {
        for ratio in [1.0, 2.0] {
            write_sheet(name, palette, ratio, ground);
        }
    }
}

fn write_sheet(name: &str, palette: Palette, ratio: f32, ground: [u8; 4]) {
    let (width, height) = ((WIDTH * ratio) as usize, (HEIGHT * ratio) as usize);
    let mut layer = Layer::new(width, height);
    let mut atlas = Atlas::new(palette, ratio);
    layer.paint(&sheet(), &mut atlas);
    let pixels: Vec<u8> = layer
        .bytes(0..height)
        .as_chunks::<4>()
        .0
        .iter()
        .flat_map(|&pixel| crate::paint::blend::over(ground, pixel))
        .collect();
    let path = std::env::temp_dir().join(format!("marks-{name}-{ratio}.png"));
    let file = BufWriter::new(File::create(&path).expect("the folder is there"));
    let mut encoder = png::Encoder::new(file, width as u32, height as u32);
    encoder.set_color(png::ColorType::Rgba);
    let mut writer = encoder.write_header().expect("a new file");
    writer.write_image_data(&pixels).expect("a full picture");
    println!("{}", path.display());
}

const HUES: [Hue; 7] = [
    Hue::K1,
    Hue::K2,
    Hue::K3,
    Hue::K4,
    Hue::K5,
    Hue::K6,
    Hue::NoKey,
];

fn sheet() -> Vec<Mark> {
    let mut rows: Vec<Vec<Look>> = (0..HUES.len()).map(states).collect();
    rows.push(rings());
    for size in [MarkSize::Compact, MarkSize::Dot] {
        rows.push(small(size, Again::No));
        rows.push(small(size, Again::Echo));
    }
    let of_size = |size| {
        let hues = HUES.into_iter().zip(STATES).take(6);
        hues.map(move |(hue, state)| Look {
            size,
            state,
            ..Look::fresh(hue, 1)
        })
    };
    rows.push(
        of_size(MarkSize::Compact)
            .chain(of_size(MarkSize::Dot))
            .collect(),
    );
    let fading = |index: u8| Look {
        fade: index * 23,
        ..Look::fresh(HUES[usize::from(index) % 6], 17)
    };
    rows.push((0..12).map(fading).collect());
    place(&rows)
}

/// A hue in all states, then with all that can stand beside it, then with long labels.
fn states(row: usize) -> Vec<Look> {
    let hue = HUES[row];
    let mut looks: Vec<Look> = STATES
        .iter()
        .enumerate()
        .map(|(column, &state)| Look {
            state,
            ..Look::fresh(hue, [8, 5, 1, 9, 4, 12, 23][(row + column) % 7])
        })
        .collect();
    let look = Look::fresh(hue, [67, 10, 8, 42, 36, 59, 70][row]);
    let again = Again::Echo;
    looks.push(Look { again, ..look });
    looks.push(Look { dots: 1, ..look });
    let pips = Some(Pips {
        received: 2,
        max: 3,
    });
    looks.push(Look { pips, ..look });
    for label in [208 + 11 * row as u32, 1904 + 1234 * row as u32] {
        looks.push(Look { label, ..look });
    }
    looks
}

fn rings() -> Vec<Look> {
    let shares = [255, 230, 184, 128, 100, 64, 51, 40, 20, 3, 0];
    let mut looks: Vec<Look> = shares
        .iter()
        .enumerate()
        .map(|(column, &share)| Look {
            state: MarkState::Hidden,
            ring: Some(share),
            dots: (column % 4) as u8,
            pips: (column % 3 == 2).then_some(Pips {
                received: column as u8,
                max: column as u8 / 2 + 2,
            }),
            ..Look::fresh(Hue::KEYS[column % 6], column as u32 * 3 + 2)
        })
        .collect();
    looks.push(Look {
        pips: Some(Pips {
            received: 7,
            max: 10,
        }),
        ..Look::fresh(Hue::K2, 99)
    });
    looks
}

fn small(size: MarkSize, again: Again) -> Vec<Look> {
    HUES.into_iter()
        .take(6)
        .flat_map(|hue| {
            let look = Look {
                size,
                again,
                ..Look::fresh(hue, 3)
            };
            let hidden = Look {
                state: MarkState::Hidden,
                ring: Some(150),
                ..look
            };
            [look, hidden]
        })
        .collect()
}

fn place(rows: &[Vec<Look>]) -> Vec<Mark> {
    let mut marks = Vec::new();
    for (row, looks) in rows.iter().enumerate() {
        for (column, &look) in looks.iter().enumerate() {
            marks.push(Mark {
                x: PITCH * (column as f32 + 0.5) + 10.0,
                y: PITCH * (row as f32 + 0.5) + 8.0,
                look,
            });
        }
    }
    marks
}
