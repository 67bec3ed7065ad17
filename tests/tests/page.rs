//! What touches the browser, in a browser: the page mounted into an element of its own.
#![cfg(target_arch = "wasm32")]

use broker_lab_core::LaneId;
use broker_lab_web::First;
use broker_lab_web::browser::{self, Surface};
use broker_lab_web::engine::Running;
use broker_lab_web::lab::Lab;
use broker_lab_web::paint::{Hue, Look, Mark};
use broker_lab_web::player::PlayerCommand;
use broker_lab_web::stage::layout::Room;
use js_sys::Promise;
use wasm_bindgen::JsCast as _;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::{CanvasRenderingContext2d, Document, Element, HtmlCanvasElement};

wasm_bindgen_test_configure!(run_in_browser);

fn document() -> Document {
    web_sys::window().unwrap().document().unwrap()
}

async fn next_frame() {
    let promise = Promise::new(&mut |resolve, _| {
        web_sys::window()
            .unwrap()
            .request_animation_frame(&resolve)
            .unwrap();
    });
    JsFuture::from(promise).await.unwrap();
}

fn fresh(tag: &str) -> Element {
    let element = document().create_element(tag).unwrap();
    document().body().unwrap().append_child(&element).unwrap();
    element
}

fn texts(root: &Element, selector: &str) -> Vec<String> {
    let found = root.query_selector_all(selector).unwrap();
    (0..found.length())
        .map(|n| found.item(n).unwrap().text_content().unwrap())
        .collect()
}

/// Mounted anew, the page shows both lanes of the opening scene with all who take part.
#[wasm_bindgen_test]
async fn the_page_mounts_and_shows_who_takes_part() {
    // The test runner has an address of its own.
    browser::forget_hash();
    let root = fresh("div");
    let first = First::of_address().await;
    yew::Renderer::<broker_lab_web::App>::with_root_and_props(root.clone(), first).render();
    for _ in 0..20 {
        next_frame().await;
    }
    assert_eq!(
        texts(&root, ".lane h2"),
        ["QueueSQS standard queue", "LogKafka topic"]
    );
    assert_eq!(
        texts(&root, ".card .name"),
        [
            "worker-1",
            "worker-2",
            "worker-3",
            "billing-1",
            "billing-2",
            "analytics-1"
        ]
    );
    assert_eq!(texts(&root, ".clock"), ["0:00.0"]);
    assert_eq!(texts(&root, ".trouble"), [""; 0]);
    root.remove();
}

/// The last colour that was put on a canvas at a place.
fn pixel(canvas: &HtmlCanvasElement, x: f64, y: f64) -> Vec<u8> {
    let context: CanvasRenderingContext2d = canvas
        .get_context("2d")
        .unwrap()
        .unwrap()
        .dyn_into()
        .unwrap();
    context.get_image_data(x, y, 1.0, 1.0).unwrap().data().0
}

/// A mark that is painted can be read back from the canvas, and is gone when it is not painted.
#[wasm_bindgen_test]
fn a_surface_shows_its_marks_and_takes_them_away() {
    let canvas: HtmlCanvasElement = fresh("canvas").dyn_into().unwrap();
    let mut surface = Surface::on_canvas(canvas.clone()).unwrap();
    let mark = Mark {
        x: 40.0,
        y: 40.0,
        look: Look::fresh(Hue::of_key(0).0, 1),
    };
    surface.paint(&[mark], (80.0, 80.0));
    let ratio = web_sys::window().unwrap().device_pixel_ratio();
    let (x, y) = (30.0 * ratio, 40.0 * ratio);
    assert_eq!(pixel(&canvas, x, y)[3], 255, "inside the mark");
    assert_eq!(pixel(&canvas, 2.0, 2.0)[3], 0, "beside it");
    surface.paint(&[], (80.0, 80.0));
    assert_eq!(pixel(&canvas, x, y)[3], 0);
    canvas.remove();
}

/// The loop stops when nothing moves: it costs no frame until something is asked of it.
#[wasm_bindgen_test]
async fn a_lab_at_rest_asks_for_no_frame() {
    let lab = Lab::new(Running::opening());
    lab.set_room(
        LaneId(0),
        Room {
            width: 400.0,
            height: 400.0,
        },
    );
    for _ in 0..5 {
        next_frame().await;
    }
    assert!(!lab.is_awake());
    lab.play(PlayerCommand::Play);
    assert!(lab.is_awake());
    lab.play(PlayerCommand::Pause);
    for _ in 0..5 {
        next_frame().await;
    }
    assert!(!lab.is_awake());
}

/// The hash of the address is read without its sign.
#[wasm_bindgen_test]
fn the_address_is_read_and_forgotten() {
    browser::set_hash("scenario=crash");
    assert_eq!(browser::hash(), "scenario=crash");
    browser::forget_hash();
    assert_eq!(browser::hash(), "");
}
