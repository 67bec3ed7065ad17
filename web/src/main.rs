//! Puts the page on the screen.

/// Smaller than the allocator that the standard library brings.
#[global_allocator]
static ALLOCATOR: rlsf::SmallGlobalTlsf = rlsf::SmallGlobalTlsf::new();

fn main() {
    broker_lab_web::browser::install_panic_page();
    wasm_bindgen_futures::spawn_local(async {
        let first = broker_lab_web::First::of_address().await;
        yew::Renderer::<broker_lab_web::App>::with_props(first).render();
    });
}
