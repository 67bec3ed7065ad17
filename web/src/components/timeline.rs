//! The whole run at a glance: how busy it is, what matters in it, and where the playhead is.

use broker_lab_core::SimTime;
use yew::prelude::{
    Callback, Html, KeyboardEvent, NodeRef, PointerEvent, Properties, classes, component, html,
    use_memo,
};

use super::click::plays;
use crate::browser::{is_pressed, share_along};
use crate::lab::Lab;
use crate::player::PlayerCommand;
use crate::stage::words;
use crate::timeline::{Density, Flag, FlagKind, TimeScale, flags};

/// Bars of the density.
const BARS: usize = 160;
/// Flags on a timeline.
const FLAGS: usize = 60;
/// Width of a character of a flag's words, in thousandths of a usual timeline.
const CHAR: f64 = 0.0056;

#[derive(Clone, PartialEq, Properties)]
pub(crate) struct Props {
    pub(crate) lab: Lab,
    pub(crate) run: u32,
    pub(crate) simulated: SimTime,
    pub(crate) head: NodeRef,
}

#[component]
pub(crate) fn Timeline(props: &Props) -> Html {
    let end = props
        .lab
        .with_run(|run| SimTime::ZERO + run.scenario().horizon);
    let scale = TimeScale::new(end);
    let known = use_memo((props.run, props.simulated), |_| {
        props.lab.with_run(|run| {
            (
                Density::of(run.trace(), end, BARS),
                flags(run.trace(), run.cast(), FLAGS),
            )
        })
    });
    let (density, marks) = &*known;
    let seek = {
        let lab = props.lab.clone();
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
    let bars = density
        .0
        .iter()
        .enumerate()
        .filter(|(_, height)| **height > 0);
    let bars = bars.map(|(n, height)| {
        let height = u32::from(*height) * 34 / 100;
        html! { <rect x={(n * 10 + 1).to_string()} y={(36 - height).to_string()} width="8" height={height.to_string()} rx="2" /> }
    });
    html! {
        <div class="timeline">
            <div class="flags">{ for placed(marks, scale).map(|(flag, shown)| self::flag(flag, shown, scale, &props.lab)) }</div>
            <div class="track" role="slider" tabindex="0" aria-label="time" aria-valuemin="0"
                aria-valuemax={end.as_millis().to_string()} aria-valuenow={props.lab.now().as_millis().to_string()}
                aria-valuetext={words::clock(props.lab.now())} {onpointerdown} {onpointermove} onkeydown={Callback::from(|_: KeyboardEvent| ())}>
                <svg viewBox={format!("0 0 {} 36", BARS * 10)} preserveAspectRatio="none" aria-hidden="true">{ for bars }</svg>
                <div class="past"></div>
                <div class="playhead" ref={props.head.clone()}></div>
            </div>
        </div>
    }
}

/// Whether a flag's words fit beside the one before.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shown {
    Words,
    Square,
}

fn placed(marks: &[Flag], scale: TimeScale) -> impl Iterator<Item = (&Flag, Shown)> {
    let mut free_from = 0.0;
    marks.iter().map(move |flag| {
        let place = scale.share(flag.at);
        let width = flag.text.chars().count() as f64 * CHAR + 0.014;
        if place >= free_from && place + width <= 1.0 {
            free_from = place + width;
            (flag, Shown::Words)
        } else {
            (flag, Shown::Square)
        }
    })
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
        <button class={classes!("flag", class)} style={place} title={title.clone()} aria-label={title} {onclick}>
            if shown == Shown::Words { <span>{ flag.text.clone() }</span> }
        </button>
    }
}
