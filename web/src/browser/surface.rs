//! The canvas of a lane, with the pixels of its marks.

use wasm_bindgen::{Clamped, JsCast as _};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, ImageData};
use yew::NodeRef;

use super::theme;
use crate::paint::{Atlas, Layer, Mark, Painted};

/// What a lane's marks are painted on.
#[derive(Debug)]
pub struct Surface {
    canvas: HtmlCanvasElement,
    context: CanvasRenderingContext2d,
    layer: Layer,
    atlas: Atlas,
    size: (f32, f32),
}

impl Surface {
    /// The canvas behind `node`, once it is there. Colours and pixel ratio are those of now.
    #[must_use]
    pub fn on(node: &NodeRef) -> Option<Self> {
        Self::on_canvas(node.cast()?)
    }

    /// The same, for a canvas at hand.
    #[must_use]
    pub fn on_canvas(canvas: HtmlCanvasElement) -> Option<Self> {
        let context = canvas.get_context("2d").ok()??.dyn_into().ok()?;
        let ratio = web_sys::window().map_or(1.0, |window| window.device_pixel_ratio());
        Some(Self {
            canvas,
            context,
            layer: Layer::new(0, 0),
            atlas: Atlas::new(theme::palette(), (ratio as f32).clamp(1.0, 3.0)),
            size: (0.0, 0.0),
        })
    }

    /// Takes the colours of now: light has become dark, or the other way round.
    pub fn take_colours(&mut self) {
        self.atlas = Atlas::new(theme::palette(), self.atlas.ratio());
        // A new size makes the layer paint everything.
        self.size = (0.0, 0.0);
    }

    /// Shows `marks` on a canvas of a size in CSS pixels.
    pub fn paint(&mut self, marks: &[Mark], size: (f32, f32)) {
        if self.size != size {
            self.resize(size);
        }
        let Painted::Changed { rows, .. } = self.layer.paint(marks, &mut self.atlas) else {
            return;
        };
        if rows.is_empty() {
            return;
        }
        let width = self.layer.width() as u32;
        let pixels = Clamped(self.layer.bytes(rows.clone()));
        let height = rows.len() as u32;
        if let Ok(image) = ImageData::new_with_u8_clamped_array_and_sh(pixels, width, height)
            && self
                .context
                .put_image_data(&image, 0.0, rows.start as f64)
                .is_err()
        {
            // The next frame tries again.
            self.size = (0.0, 0.0);
        }
    }

    fn resize(&mut self, (width, height): (f32, f32)) {
        self.size = (width, height);
        let ratio = self.atlas.ratio();
        let device = |length: f32| (length * ratio).round().max(1.0);
        let (device_width, device_height) = (device(width), device(height));
        self.layer
            .resize(device_width as usize, device_height as usize);
        self.canvas.set_width(device_width as u32);
        self.canvas.set_height(device_height as u32);
    }
}
