//! The experiments that come with the page.

/// An experiment by name. Its document is a file beside the page, `scenarios/NAME.json`.
#[derive(Clone, Copy, Debug)]
pub struct Preset {
    /// As the address has it.
    pub name: &'static str,
    /// As the document has it.
    pub title: &'static str,
}

/// What can be tried with any experiment.
pub const TRY: [&str; 3] = [
    "Press Space to play and to pause; J and L go from event to event.",
    "Crash a worker or a consumer, and drag the timeline back to before it.",
    "Click a message: Inspect tells its story in every lane.",
];

/// The document of the opening scene, which is part of the page.
pub const OPENING: &str = include_str!("../../../static/scenarios/one-workload.json");

/// All of them; the first is the opening scene.
pub const ALL: [Preset; 4] = [
    preset("one-workload", "One workload, two lanes"),
    preset("crash", "A worker dies, a consumer dies"),
    preset("poison", "An order that always fails"),
    preset("timeout-too-short", "A timeout that is too short"),
];

const fn preset(name: &'static str, title: &'static str) -> Preset {
    Preset { name, title }
}
