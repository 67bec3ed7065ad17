//! What a mark is: where it stands and how it looks, as plain data.

/// A message on the stage. Marks are painted in the order of their slice, the last on top.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mark {
    /// Centre, in CSS pixels from the left edge of the layer.
    pub x: f32,
    /// Centre, in CSS pixels from the top edge of the layer.
    pub y: f32,
    pub look: Look,
}

/// How a mark looks. Hue and shape say which key, the label which message, the rest its state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    /// The number that the workload gave to the message; drawn on [`MarkSize::Large`] marks alone,
    /// and not from [`Look::LABEL_END`] on, where it would not fit.
    pub label: u32,
    pub hue: Hue,
    /// How often the six hues were used up before this key: as many dots beside the shape, at
    /// most [`Look::DOTS_MAX`].
    pub dots: u8,
    pub size: MarkSize,
    pub state: MarkState,
    pub again: Again,
    /// Share of the timeout that is left, 255 = all of it; `None` = no ring.
    pub ring: Option<u8>,
    /// `None` = receives are not counted.
    pub pips: Option<Pips>,
    /// 0 = fully there, 255 = gone; drawn in sixteen steps.
    pub fade: u8,
}

/// The six hues of keys, each with its own shape, and the grey of messages without a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Hue {
    /// Blue circle.
    K1,
    /// Orange square.
    K2,
    /// Green triangle.
    K3,
    /// Purple diamond.
    K4,
    /// Magenta hexagon.
    K5,
    /// Olive pentagon.
    K6,
    /// Grey circle: no key.
    NoKey,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MarkSize {
    /// 30 px, with its label.
    Large,
    /// 18 px, without label.
    Compact,
    /// 8 px, without label, ring, dots and pips.
    Dot,
}

/// The state of a message changes the form of its mark, never its hue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MarkState {
    /// Fresh or held by a consumer: filled.
    Full,
    /// In flight, hidden or locked: a dashed outline at 80 %.
    Hidden,
    /// Processed and still there: the filled mark at 38 %.
    Done,
    /// A dead letter: a diagonal stroke through the filled mark.
    Dead,
    /// Lost or truncated: an outline with a cross, without label.
    Lost,
    /// In an open transaction: hatched.
    Open,
    /// In an aborted transaction: hatched and struck.
    Aborted,
}

/// Whether this is the second (or a later) processing of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Again {
    No,
    /// An echo: a second outline around the mark.
    Echo,
}

/// Receives so far, of at most `max`; a bar above [`Pips::COUNTABLE`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pips {
    pub received: u8,
    pub max: u8,
}

impl Look {
    pub const LABEL_END: u32 = 100_000;
    pub const DOTS_MAX: u8 = 3;

    /// A fresh, visible, large mark.
    #[must_use]
    pub const fn fresh(hue: Hue, label: u32) -> Self {
        Self {
            label,
            hue,
            dots: 0,
            size: MarkSize::Large,
            state: MarkState::Full,
            again: Again::No,
            ring: None,
            pips: None,
            fade: 0,
        }
    }
}

impl Hue {
    pub const KEYS: [Self; 6] = [Self::K1, Self::K2, Self::K3, Self::K4, Self::K5, Self::K6];

    /// Hue and [`Look::dots`] of the key that was the `index`th to appear, from 0.
    #[must_use]
    pub fn of_key(index: usize) -> (Self, u8) {
        let count = Self::KEYS.len();
        let dots = (index / count).min(usize::from(Look::DOTS_MAX));
        (Self::KEYS[index % count], dots as u8)
    }
}

impl MarkSize {
    /// Width and height of the room a mark takes, in CSS pixels; a ring and pips reach beyond it.
    #[must_use]
    pub const fn px(self) -> f32 {
        match self {
            Self::Large => 30.0,
            Self::Compact => 18.0,
            Self::Dot => 8.0,
        }
    }
}

impl Pips {
    /// The most pips that are drawn one by one.
    pub const COUNTABLE: u8 = 5;
}
