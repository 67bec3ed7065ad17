//! What a click does: one place for each kind, so that buttons say only what they mean.

use broker_lab_core::scenario::Command;
use yew::prelude::{Callback, MouseEvent};

use crate::lab::Lab;
use crate::player::PlayerCommand;
use crate::store::Action;

/// Asks something of the player.
pub(crate) fn plays(lab: &Lab, command: PlayerCommand) -> Callback<MouseEvent> {
    let lab = lab.clone();
    Callback::from(move |_| lab.play(command))
}

/// Changes the state of the page.
pub(crate) fn acts(dispatch: &Callback<Action>, action: Action) -> Callback<MouseEvent> {
    dispatch.reform(move |_| action.clone())
}

/// Carries out a command at the playhead; what is wrong with it is said.
pub(crate) fn edits(
    lab: &Lab,
    dispatch: &Callback<Action>,
    command: Command,
) -> Callback<MouseEvent> {
    let (lab, dispatch) = (lab.clone(), dispatch.clone());
    Callback::from(move |_| {
        if let Err(faults) = lab.edit(&command) {
            dispatch.emit(Action::Trouble(faults.to_string().into()));
        }
    })
}
