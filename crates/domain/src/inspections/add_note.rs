//! A note is added to a visit.

use super::Note;
use super::appointment::{put, visit};
use crate::command::{Context, Effect, Refusal, Rule};
use crate::found::Found;
use policy::inspections::{Action, may};
use policy::{Code, Denial, RecordId};
use serde::{Deserialize, Serialize};

/// The longest note, in characters.
pub const NOTE_MAX: usize = 4000;
/// The most notes one visit keeps.
pub const NOTES_MAX: usize = 500;

/// Adds a note. `note` is a fresh random id.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct AddNote {
    pub appointment: RecordId,
    pub note: RecordId,
    pub text: String,
}

impl Rule for AddNote {
    fn targets(&self) -> Vec<RecordId> {
        vec![self.appointment.clone()]
    }

    /// A note may be added after completion too: it changes no finding.
    fn decide(&self, context: Context<'_>, found: &Found) -> Result<Effect, Refusal> {
        let mut visit = visit(found, &self.appointment)?;
        may(context.actor, Action::AddNote, &visit.facts())?;
        let text = self.text.trim();
        let length = text.chars().count();
        if !(1..=NOTE_MAX).contains(&length) {
            return Err(
                Denial::invalid("text", format!("{length} characters"), "1 to 4000 characters").into(),
            );
        }
        if visit.notes.len() >= NOTES_MAX {
            return Err(Denial::invalid("notes", visit.notes.len(), "at most 500 notes on one visit").into());
        }
        if visit
            .notes
            .iter()
            .any(|note| note.id == self.note && note.text != text)
        {
            let sentence = "There is already another note with this one's id.";
            return Err(Denial::new(Code::AlreadyExists, "X-09", sentence).into());
        }
        if visit.notes.iter().all(|note| note.id != self.note) {
            visit.notes.push(Note {
                id: self.note.clone(),
                by: context.actor.name().to_owned(),
                at: context.claimed_at,
                text: text.to_owned(),
            });
            visit.remember(context, "add_note", "");
        }
        Ok(put(&self.appointment, visit))
    }
}
