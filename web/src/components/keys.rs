//! The keyboard: what each key does, anywhere on the page but in a field.

use broker_lab_core::{SimDuration, SimTime};
use web_sys::KeyboardEvent;
use yew::prelude::{Callback, use_effect_with};

use crate::browser;
use crate::lab::{Direction, Lab};
use crate::player::{PlayerCommand, Speed};
use crate::store::{Action, Tab};

/// Listens to the keyboard as long as the page lives.
#[yew::hook]
pub(crate) fn use_keys(lab: &Lab, dispatch: &Callback<Action>) {
    let (lab, dispatch) = (lab.clone(), dispatch.clone());
    use_effect_with((), move |()| {
        let listener = browser::on_key(move |event| press(event, &lab, &dispatch));
        move || drop(listener)
    });
}

/// Does what a key asks for; whether it asks for anything.
fn press(event: &KeyboardEvent, lab: &Lab, dispatch: &Callback<Action>) -> bool {
    let control = event.ctrl_key() || event.meta_key();
    if control && event.key() == "z" {
        return lab.undo();
    }
    if control || event.alt_key() {
        return false;
    }
    let now = lab.now();
    let stride = SimDuration::from_secs(if event.shift_key() { 10 } else { 1 });
    match event.key().as_str() {
        " " | "k" | "K" => lab.play(PlayerCommand::Toggle),
        "j" | "J" => lab.step(Direction::Back),
        "l" | "L" => lab.step(Direction::Forward),
        "ArrowRight" => lab.play(PlayerCommand::Seek(now + stride)),
        "ArrowLeft" => {
            let back = SimTime::from_micros(now.as_micros().saturating_sub(stride.as_micros()));
            lab.play(PlayerCommand::Seek(back));
        }
        "Home" => lab.play(PlayerCommand::Seek(SimTime::ZERO)),
        "End" => lab.play(PlayerCommand::Seek(SimTime::MAX)),
        "g" | "G" => dispatch.emit(Action::ShowTab(Tab::Guarantees)),
        "i" | "I" => dispatch.emit(Action::ShowTab(Tab::Inspect)),
        "m" | "M" => dispatch.emit(Action::ShowTab(Tab::Metrics)),
        "e" | "E" => dispatch.emit(Action::ShowTab(Tab::Explain)),
        "Escape" => {
            dispatch.emit(Action::Deselect);
            dispatch.emit(Action::CloseSheet);
        }
        digit => return set_speed(digit, lab),
    }
    true
}

/// 1 to 9 and 0: the ten speeds, slowest first.
fn set_speed(digit: &str, lab: &Lab) -> bool {
    let Ok(number) = digit.parse::<usize>() else {
        return false;
    };
    let index = if number == 0 { 9 } else { number - 1 };
    match Speed::CHOICES.get(index) {
        Some(speed) if digit.len() == 1 => {
            lab.play(PlayerCommand::SetSpeed(*speed));
            true
        }
        _ => false,
    }
}
