//! The bar at the bottom: start, back, play, forward, clock, speed, loop, and the timeline.

use yew::prelude::{
    Callback, Html, MouseEvent, NodeRef, Properties, component, html, use_effect_with, use_node_ref,
};

use super::click::plays;
use super::placed::classed;
use super::timeline::timeline;
use crate::browser::Readout;
use crate::lab::{Direction, Lab};
use crate::player::{PlayerCommand, Speed};
use crate::stage::words;
use crate::store::{Action, Playing, State};
use broker_lab_core::SimTime;

#[derive(Clone, PartialEq, Properties)]
pub(crate) struct Props {
    pub(crate) lab: Lab,
    pub(crate) state: State,
    pub(crate) dispatch: Callback<Action>,
}

#[component]
pub(crate) fn Transport(props: &Props) -> Html {
    let clock = use_node_ref();
    let head = use_node_ref();
    use_readout(&props.lab, &clock, &head);
    let playing = props.state.playing == Playing::Yes;
    let (seed, end) = props
        .lab
        .with_run(|run| (run.scenario().seed, SimTime::ZERO + run.scenario().horizon));
    let speed = Speed::CHOICES
        .into_iter()
        .find(|choice| choice.thousandths() == props.state.speed)
        .unwrap_or(Speed::NORMAL);
    let play = |command: PlayerCommand| plays(&props.lab, command);
    let step = |direction: Direction| {
        let lab = props.lab.clone();
        Callback::from(move |_: MouseEvent| lab.step(direction))
    };
    let undo = {
        let lab = props.lab.clone();
        Callback::from(move |_: MouseEvent| {
            lab.undo();
        })
    };
    let simulated = props.state.simulated;
    html! {
        <footer class="transport">
            <div class="controls">
                { button("btn", ("Start again", "Start again (Home)"), "M3 2h2v10H3zM12 2v10L5.5 7z", play(PlayerCommand::Hold(SimTime::ZERO))) }
                { button("btn", ("Previous event", "Previous event (J)"), "M10 2v10L3 7z", step(Direction::Back)) }
                { button("btn play", (if playing { "Pause" } else { "Play" }, "Play or pause (Space)"),
                    if playing { "M3 2h3v10H3zM8 2h3v10H8z" } else { "M3 1.5v11L12 7z" }, play(PlayerCommand::Toggle)) }
                { button("btn", ("Next event", "Next event (L)"), "M4 2v10l7-5z", step(Direction::Forward)) }
                <span class="clock" ref={clock} role="timer" aria-label="time"></span>
                <span class="of">{ format!("of {}", words::clock_whole(end)) }</span>
                if simulated < end {
                    <span class="of simulating" role="status">{ format!("simulating, at {}", words::clock_whole(simulated)) }</span>
                }
                <span class="spread"></span>
                if props.lab.can_undo() {
                    { button("btn undo", ("Undo", "Take the last change back (Ctrl+Z)"), "M5 1 1.5 4.5 5 8V5.7h3.2a2.2 2.2 0 0 1 0 4.4H4V12h4.2a4.1 4.1 0 0 0 0-8.2H5z", undo) }
                }
                <span class="of seed">{ format!("seed {seed}") }</span>
                <button class={classed("btn loop", &[if props.state.looping { "on" } else { "" }])} aria-pressed={props.state.looping.to_string()} onclick={play(PlayerCommand::ToggleLoop)} title="Begin anew at the end">{ "Loop" }</button>
                <button class="btn speed" aria-label="Slower" onclick={play(PlayerCommand::SetSpeed(speed.step(-1)))}>{ "−" }</button>
                <button class="speed-now" title="Speed: the next one, and round again" onclick={play(PlayerCommand::SetSpeed(speed.round()))}>{ speed.label() }</button>
                <button class="btn speed" aria-label="Faster" onclick={play(PlayerCommand::SetSpeed(speed.step(1)))}>{ "+" }</button>
            </div>
            { timeline(&props.lab, props.state.now, &head) }
        </footer>
    }
}

/// Where the clock and the playhead are written, frame by frame, past the virtual DOM.
#[yew::hook]
fn use_readout(lab: &Lab, clock: &NodeRef, head: &NodeRef) {
    let lab = lab.clone();
    use_effect_with((clock.clone(), head.clone()), move |(clock, head)| {
        lab.set_readout(Readout::on(clock, head));
        move || lab.set_readout(None)
    });
}

/// A button with a picture: what it is called, and what the pointer is told.
fn button(
    class: &'static str,
    (name, title): (&'static str, &'static str),
    path: &'static str,
    onclick: Callback<MouseEvent>,
) -> Html {
    html! {
        <button class={class} aria-label={name} title={title} {onclick}>
            <svg width="14" height="14" viewBox="0 0 14 14" aria-hidden="true"><path d={path} fill="currentColor" /></svg>
        </button>
    }
}
