//! The push step: commands of a device, decided one by one in one transaction.

use super::{Caller, standing};
use crate::Problem;
use policy::Millis;
use policy::views::View;
use std::collections::BTreeSet;
use store::{OfficeTx, Submission, submit};
use sync::{PUSH_COMMANDS_MAX, PushReply, PushRequest};

/// Decides each command with today's rights; one refusal holds up nothing else. Gives the views that changed.
pub async fn push<T: OfficeTx>(
    tx: &mut T,
    caller: &Caller,
    request: &PushRequest,
    at: Millis,
) -> Result<(PushReply, BTreeSet<View>), Problem> {
    if request.commands.len() > PUSH_COMMANDS_MAX {
        let sentence = format!(
            "{} commands were sent; at most {PUSH_COMMANDS_MAX} are taken at once.",
            request.commands.len()
        );
        return Err(Problem::bad_request("too_many_commands", sentence));
    }
    let (actor, _) = standing(tx, caller, at).await?;
    let submission = Submission {
        actor: &actor,
        device: &caller.device,
        at,
    };
    let mut answers = Vec::with_capacity(request.commands.len());
    let mut changed = BTreeSet::new();
    for envelope in &request.commands {
        let (answered, views) = submit(tx, submission, envelope).await?;
        answers.push(answered);
        changed.extend(views);
    }
    Ok((PushReply { answers }, changed))
}
