//! The push step: commands of a device, decided one by one in one transaction.

use super::{Caller, standing};
use crate::Problem;
use domain::CommandId;
use planted::{Bug, planted};
use policy::{Code, Millis, RecordId};
use store::{OfficeTx, Submission, submit};
use sync::{Answer, PUSH_COMMANDS_MAX, PushReply, PushRequest};

/// Decides each command with today's rights; one refusal holds up nothing else.
pub async fn push<T: OfficeTx>(
    tx: &mut T,
    caller: &Caller,
    request: &PushRequest,
    at: Millis,
) -> Result<PushReply, Problem> {
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
    let ids: Vec<CommandId> = request.commands.iter().map(|one| one.id.clone()).collect();
    tx.prefetch_commands(&ids).await?;
    let targets: Vec<RecordId> = request
        .commands
        .iter()
        .flat_map(|one| one.command.targets())
        .collect();
    tx.prefetch(&targets).await?;
    let mut answers = Vec::with_capacity(request.commands.len());
    for envelope in &request.commands {
        let answered = submit(tx, submission, envelope).await?;
        if let Answer::Refused { denial } = &answered.answer
            && denial.code == Code::OfficeFault
        {
            let (command, id) = (envelope.command.name(), envelope.id.as_str());
            tracing::error!(command, id, "a rule panicked; the command was refused");
        }
        if planted(Bug::LogTells) && answered.answer != Answer::Taken {
            tracing::info!(command = ?envelope.command, "not taken");
        }
        answers.push(answered);
    }
    Ok(PushReply { answers })
}
