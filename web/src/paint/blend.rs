//! Source-over in straight alpha, rounded to nearest.

/// Straight (not premultiplied) red, green, blue, alpha.
pub(super) type Rgba = [u8; 4];

/// `top` over `under`.
#[inline]
pub(super) fn over(under: Rgba, top: Rgba) -> Rgba {
    match (top[3], under[3]) {
        (255, _) | (_, 0) => top,
        (0, _) => under,
        (_, 255) => over_opaque(under, top),
        _ => over_translucent(under, top),
    }
}

/// Two channels at a time in one word; each product and sum fits its 16 bits.
#[inline]
fn over_opaque(under: Rgba, top: Rgba) -> Rgba {
    const LANES: u32 = 0x00ff_00ff;
    const HALF: u32 = 0x0080_0080;
    let (under, top) = (u32::from_le_bytes(under), u32::from_le_bytes(top));
    let alpha = top >> 24;
    let rest = 255 - alpha;
    let red_blue = (top & LANES) * alpha + (under & LANES) * rest + HALF;
    let red_blue = ((red_blue + ((red_blue >> 8) & LANES)) >> 8) & LANES;
    let green = (top >> 8 & 0xff) * alpha + (under >> 8 & 0xff) * rest + 128;
    let green = (green + (green >> 8)) >> 8;
    (red_blue | green << 8 | 0xff00_0000).to_le_bytes()
}

/// Seldom: only where two soft edges meet.
#[inline(never)]
fn over_translucent(under: Rgba, top: Rgba) -> Rgba {
    let top_share = u32::from(top[3]) * 255;
    let under_share = u32::from(under[3]) * (255 - u32::from(top[3]));
    let both = top_share + under_share;
    let mix = |top: u8, under: u8| {
        ((u32::from(top) * top_share + u32::from(under) * under_share + both / 2) / both) as u8
    };
    [
        mix(top[0], under[0]),
        mix(top[1], under[1]),
        mix(top[2], under[2]),
        ((both + 127) / 255) as u8,
    ]
}

/// `colour` with `share` of its alpha, 255 = all.
#[inline]
pub(super) fn thinned(colour: Rgba, share: u8) -> Rgba {
    let alpha = (u32::from(colour[3]) * u32::from(share) + 127) / 255;
    [colour[0], colour[1], colour[2], alpha as u8]
}
