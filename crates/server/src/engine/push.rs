//! The push step: commands of a device, decided one by one in one transaction. What a laptop leaves when its person is shut
//! out is decided in the same way.

use super::Caller;
use super::adopted::photo_of_adopted;
use crate::Problem;
use domain::CommandId;
use domain::returned::Way;
use planted::{Bug, planted};
use policy::{Code, Millis, RecordId};
use store::{OfficeTx, Submission, standing, submit};
use sync::{Answer, Answered, Envelope, PUSH_COMMANDS_MAX, PushReply, PushRequest};

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
    let answers = decide(tx, caller, (&request.commands, Way::Pushed), at).await?;
    Ok(PushReply { answers })
}

/// Decides commands that were left sealed. Whoever left them is told nothing.
pub async fn deposit<T: OfficeTx>(
    tx: &mut T,
    caller: &Caller,
    commands: &[Envelope],
    at: Millis,
) -> Result<(), Problem> {
    decide(tx, caller, (commands, Way::Deposited), at).await?;
    Ok(())
}

async fn decide<T: OfficeTx>(
    tx: &mut T,
    caller: &Caller,
    (commands, way): (&[Envelope], Way),
    at: Millis,
) -> Result<Vec<Answered>, Problem> {
    let standing = standing(tx, &caller.person, at).await?;
    let submission = Submission {
        actor: &standing.actor,
        device: &caller.device,
        way,
        at,
    };
    let ids: Vec<CommandId> = commands.iter().map(|one| one.id.clone()).collect();
    tx.prefetch_commands(&ids).await?;
    let targets: Vec<RecordId> = commands.iter().flat_map(|one| one.command.targets()).collect();
    tx.prefetch(&targets).await?;
    let mut answers = Vec::with_capacity(commands.len());
    for envelope in commands {
        let answered = submit(tx, submission, envelope).await?;
        if let Answer::Refused { denial } = &answered.answer
            && denial.code == Code::OfficeFault
        {
            let (command, id) = (envelope.command.name(), envelope.id.as_str());
            tracing::error!(command, id, "a rule panicked; the command was refused");
        }
        if answered.answer == Answer::Taken {
            photo_of_adopted(tx, &envelope.command).await?;
        }
        if planted(Bug::LogTells) && answered.answer != Answer::Taken {
            tracing::info!(command = ?envelope.command, "not taken");
        }
        answers.push(answered);
    }
    Ok(answers)
}
