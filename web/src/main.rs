//! Puts the page on the screen.

/// Smaller than the allocator that the standard library brings.
#[global_allocator]
static ALLOCATOR: rlsf::SmallGlobalTlsf = rlsf::SmallGlobalTlsf::new();

fn main() {
    broker_lab_web::browser::install_panic_page();
    yew::Renderer::<broker_lab_web::App>::new().render();
}
