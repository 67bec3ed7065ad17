//! Puts the page on the screen.

fn main() {
    broker_lab_web::browser::install_panic_page();
    yew::Renderer::<broker_lab_web::App>::new().render();
}
