//! The whole run at a glance: how busy it is, what matters in it, and where the playhead is.

use broker_lab_core::SimTime;
use yew::prelude::{Callback, Html, NodeRef, PointerEvent, html};

use super::click::plays;
use super::placed::classed;
use crate::browser::{is_pressed, share_along};
use crate::lab::Lab;
use crate::player::PlayerCommand;
use crate::stage::words;
use crate::timeline::{BARS, Density, Flag, FlagKind, TimeScale};

/// Width of a character of a flag's words, in thousandths of a usual timeline.
const CHAR: f64 = 0.0056;
/// Width of a flag's square and the space after it, likewise.
const SQUARE: f64 = 0.014;

/// The timeline of the run; `now` is what the slider says it is at, `head` the playhead.
pub(crate) fn timeline(lab: &Lab, now: SimTime, head: &NodeRef) -> Html {
    let end = lab.with_run(|run| SimTime::ZERO + run.scenario().horizon);
    let scale = TimeScale::new(end);
    let overview = lab.overview();
    let seek = {
        let lab = lab.clone();
        move |event: &PointerEvent| {
            if let Some(share) = share_along(event) {
                lab.play(PlayerCommand::Seek(scale.time(share)));
            }
        }
    };
    let onpointerdown = {
        let seek = seek.clone();
        Callback::from(move |event: PointerEvent| seek(&event))
    };
    let onpointermove = Callback::from(move |event: PointerEvent| {
        if is_pressed(&event) {
            seek(&event);
        }
    });
    let bars = bars(&overview.density);
    html! {
        <div class="timeline">
            <div class="flags">{ for placed(&overview.flags, scale).iter().map(|found| flag(&found.flag, found.shown, scale, lab)) }</div>
            <div class="track" role="slider" tabindex="0" aria-label="time" aria-valuemin="0"
                aria-valuemax={end.as_millis().to_string()} aria-valuenow={now.as_millis().to_string()}
                aria-valuetext={words::clock(now)} {onpointerdown} {onpointermove}>
                { bars.clone() }
                <div class="past">{ bars }</div>
                <div class="playhead" ref={head.clone()}></div>
            </div>
        </div>
    }
}

/// All bars as one shape.
fn bars(density: &Density) -> Html {
    let mut shape = String::new();
    for (n, height) in density
        .0
        .iter()
        .enumerate()
        .filter(|(_, height)| **height > 0)
    {
        let height = u32::from(*height) * 34 / 100;
        shape.push_str(&format!("M{} 36v-{height}h8v{height}z", n * 10 + 1));
    }
    html! {
        <svg viewBox={format!("0 0 {} 36", BARS * 10)} preserveAspectRatio="none" aria-hidden="true"><path d={shape} /></svg>
    }
}

/// A flag, or several that would cover each other, and whether there is room for words.
struct Placed {
    flag: Flag,
    shown: Shown,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Shown {
    Words,
    Square,
}

/// Flags closer than their squares become one; words are shown where they reach no other flag.
fn placed(marks: &[Flag], scale: TimeScale) -> Vec<Placed> {
    let mut all: Vec<Placed> = Vec::new();
    for flag in marks {
        if let Some(last) = all.last_mut()
            && scale.share(flag.at) - scale.share(last.flag.at) < SQUARE
        {
            // What happens in two lanes is said once.
            if !last.flag.text.split(" · ").any(|text| text == flag.text) {
                last.flag.text = format!("{} · {}", last.flag.text, flag.text);
            }
            continue;
        }
        all.push(Placed {
            flag: flag.clone(),
            shown: Shown::Square,
        });
    }
    for n in 0..all.len() {
        let place = |flag: &Placed| scale.share(flag.flag.at);
        let end = all.get(n + 1).map_or(1.0, place);
        if let Some(found) = all.get_mut(n) {
            let width = found.flag.text.chars().count() as f64 * CHAR + SQUARE;
            if scale.share(found.flag.at) + width < end {
                found.shown = Shown::Words;
            }
        }
    }
    all
}

fn flag(flag: &Flag, shown: Shown, scale: TimeScale, lab: &Lab) -> Html {
    let class = match flag.kind {
        FlagKind::Crash => "crash",
        FlagKind::Again => "again",
        FlagKind::Rebalance => "rebalance",
        FlagKind::Command => "command",
        FlagKind::DeadLetter => "dead",
    };
    let hundredths = (scale.share(flag.at) * 10_000.0).round() as u32;
    let place = format!("left:{}.{:02}%", hundredths / 100, hundredths % 100);
    let title = format!("{} · {}", words::clock(flag.at), flag.text);
    let onclick = plays(lab, PlayerCommand::Hold(flag.at));
    html! {
        <button class={classed("flag", &[class])} style={place} title={title.clone()} aria-label={title} {onclick}>
            if shown == Shown::Words { <span>{ flag.text.clone() }</span> }
        </button>
    }
}
