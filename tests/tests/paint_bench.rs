//! How many moving marks a browser shows: `cargo xtask bench` runs it. It prints, it never fails.
#![cfg(target_arch = "wasm32")]

use broker_lab_web::paint::{Atlas, Hue, Layer, Look, Mark, MarkSize, MarkState, Painted, Palette};
use js_sys::{Object, Promise, Reflect};
use wasm_bindgen::{Clamped, JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::{console_log, wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::{CanvasRenderingContext2d, Document, HtmlCanvasElement, ImageData, Window};

wasm_bindgen_test_configure!(run_in_browser);

const WIDTH: f32 = 1200.0;
const HEIGHT: f32 = 800.0;
const MEASURED_MS: f64 = 2000.0;
const WARM_UP_FRAMES: u32 = 10;

#[derive(Clone, Copy, Debug)]
enum Way {
    /// Layer and `putImageData`, as the page does.
    Layer,
    /// The same into a canvas that is said to be read often.
    ReadOften,
    /// A path for each hue, filled by Canvas 2D.
    Paths,
}

#[derive(Clone, Copy, Debug)]
enum Crowd {
    /// Full marks alone.
    Full,
    /// A quarter hidden with rings, a quarter processed.
    Mixed,
}

#[wasm_bindgen_test]
async fn frames_per_second() {
    for count in [1_000, 10_000, 30_000] {
        measure(Way::Layer, Crowd::Full, count, 1.0).await;
    }
    measure(Way::Layer, Crowd::Mixed, 10_000, 1.0).await;
    for count in [5_000, 10_000] {
        measure(Way::Layer, Crowd::Full, count, 2.0).await;
    }
    measure(Way::ReadOften, Crowd::Full, 10_000, 1.0).await;
    measure(Way::ReadOften, Crowd::Full, 30_000, 1.0).await;
    measure(Way::ReadOften, Crowd::Full, 10_000, 2.0).await;
    measure(Way::Paths, Crowd::Full, 10_000, 1.0).await;
}

#[wasm_bindgen_test]
fn first_painting_of_many_labels() {
    let now = || window().performance().expect("a page has a clock").now();
    for ratio in [1.0, 2.0] {
        let mut layer = Layer::new((WIDTH * ratio) as usize, (HEIGHT * ratio) as usize);
        let mut marks = crowd(Crowd::Mixed, 500);
        for mark in &mut marks {
            mark.look.size = MarkSize::Large;
        }
        let before = now();
        layer.paint(&marks, &mut Atlas::new(palette(), ratio));
        let ms = now() - before;
        console_log!("bench: labels new=500 ratio={ratio} ms={ms:.1}");
    }
}

async fn measure(way: Way, kind: Crowd, count: u32, ratio: f32) {
    let (canvas, context) = canvas(way, ratio);
    let clock = window().performance().expect("a page has a clock");
    let mut layer = Layer::new((WIDTH * ratio) as usize, (HEIGHT * ratio) as usize);
    let mut atlas = Atlas::new(palette(), ratio);
    let mut marks = crowd(kind, count);
    let (mut frames, mut script_ms, mut paint_ms, mut start) = (0, 0.0, 0.0, 0.0);
    for frame in 0.. {
        next_frame().await;
        let before = clock.now();
        if frame == WARM_UP_FRAMES {
            start = before;
        }
        step(&mut marks);
        let painted = match way {
            Way::Layer | Way::ReadOften => {
                let painted = layer.paint(&marks, &mut atlas);
                let now = clock.now();
                put(&context, &layer, painted);
                now
            }
            Way::Paths => {
                fill_paths(&context, &marks, f64::from(ratio));
                clock.now()
            }
        };
        let after = clock.now();
        if frame < WARM_UP_FRAMES {
            continue;
        }
        frames += 1;
        script_ms += after - before;
        paint_ms += painted - before;
        if after - start >= MEASURED_MS {
            let fps = f64::from(frames) * 1000.0 / (after - start);
            let (ms, paint) = (script_ms / f64::from(frames), paint_ms / f64::from(frames));
            console_log!(
                "bench: frames marks={count} ratio={ratio} fps={fps:.0} ms={ms:.1} paint={paint:.1} \
                 way={way:?} crowd={kind:?}"
            );
            break;
        }
    }
    canvas.remove();
}

fn put(context: &CanvasRenderingContext2d, layer: &Layer, painted: Painted) {
    let Painted::Changed { rows, .. } = painted else {
        return;
    };
    let pixels = Clamped(layer.bytes(rows.clone()));
    let (width, height) = (layer.width() as u32, rows.len() as u32);
    let image =
        ImageData::new_with_u8_clamped_array_and_sh(pixels, width, height).expect("whole rows fit");
    context
        .put_image_data(&image, 0.0, rows.start as f64)
        .expect("the canvas is there");
}

fn fill_paths(context: &CanvasRenderingContext2d, marks: &[Mark], ratio: f64) {
    context.clear_rect(
        0.0,
        0.0,
        f64::from(WIDTH) * ratio,
        f64::from(HEIGHT) * ratio,
    );
    for (hue, colour) in Hue::KEYS.iter().zip([
        "#2f6fde", "#b35907", "#12805c", "#8e3fb5", "#b0305f", "#5c6b00",
    ]) {
        context.begin_path();
        context.set_fill_style_str(colour);
        for mark in marks.iter().filter(|mark| mark.look.hue == *hue) {
            let (x, y) = (f64::from(mark.x) * ratio, f64::from(mark.y) * ratio);
            context.move_to(x + 7.0 * ratio, y);
            context
                .arc(x, y, 7.0 * ratio, 0.0, std::f64::consts::TAU)
                .expect("the radius is positive");
        }
        context.fill();
    }
}

fn crowd(kind: Crowd, count: u32) -> Vec<Mark> {
    (0..count)
        .map(|index| {
            let spread = index.wrapping_mul(2_654_435_761);
            let mut look = Look::fresh(Hue::KEYS[index as usize % 6], index);
            look.size = MarkSize::Compact;
            if let Crowd::Mixed = kind {
                match index % 4 {
                    0 => {
                        look.state = MarkState::Hidden;
                        look.ring = Some(spread as u8);
                    }
                    1 => look.state = MarkState::Done,
                    _ => {}
                }
            }
            let (x, y) = (spread % WIDTH as u32, (spread >> 12) % HEIGHT as u32);
            let (x, y) = (x as f32, y as f32);
            Mark { x, y, look }
        })
        .collect()
}

fn step(marks: &mut [Mark]) {
    for (index, mark) in marks.iter_mut().enumerate() {
        mark.x += 0.5 + (index % 4) as f32 * 0.5;
        if mark.x > WIDTH {
            mark.x -= WIDTH;
        }
    }
}

/// The tokens of the light theme.
fn palette() -> Palette {
    let opaque = |rgb: u32| {
        let [_, red, green, blue] = rgb.to_be_bytes();
        [red, green, blue, 255]
    };
    Palette {
        keys: [0x2f6fde, 0xb35907, 0x12805c, 0x8e3fb5, 0xb0305f, 0x5c6b00].map(opaque),
        on_key: opaque(0xffffff),
        ink: opaque(0x1b1c1e),
        ink_2: opaque(0x55575c),
        ink_3: opaque(0x67696f),
        line_2: opaque(0xc9c8c0),
        bad: opaque(0xb3261e),
    }
}

fn canvas(way: Way, ratio: f32) -> (HtmlCanvasElement, CanvasRenderingContext2d) {
    let document: Document = window().document().expect("a page");
    let canvas: HtmlCanvasElement = document
        .create_element("canvas")
        .expect("a name of an element")
        .unchecked_into();
    canvas.set_width((WIDTH * ratio) as u32);
    canvas.set_height((HEIGHT * ratio) as u32);
    let style = format!("position:fixed;inset:0;width:{WIDTH}px;height:{HEIGHT}px");
    canvas.set_attribute("style", &style).expect("an attribute");
    let body = document.body().expect("a page has a body");
    body.append_child(&canvas).expect("a new child");
    let options = Object::new();
    let often = JsValue::from_bool(matches!(way, Way::ReadOften));
    Reflect::set(&options, &"willReadFrequently".into(), &often).expect("a plain object");
    let context = canvas
        .get_context_with_context_options("2d", &options)
        .expect("2d is known")
        .expect("the canvas has no other context")
        .unchecked_into();
    (canvas, context)
}

async fn next_frame() {
    let promise = Promise::new(&mut |resolve, _| {
        window()
            .request_animation_frame(&resolve)
            .expect("a page has frames");
    });
    JsFuture::from(promise).await.expect("it never rejects");
}

fn window() -> Window {
    web_sys::window().expect("run in a browser")
}
