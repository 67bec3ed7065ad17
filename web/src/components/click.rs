//! What a click does: one place for each kind, so that buttons say only what they mean.

use yew::prelude::{Callback, MouseEvent};

use crate::lab::{Edit, Lab};
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

/// Carries out an edit at the playhead.
pub(crate) fn edits(lab: &Lab, edit: Edit) -> Callback<MouseEvent> {
    let lab = lab.clone();
    Callback::from(move |_| lab.edit(&edit))
}
