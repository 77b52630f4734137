//! The one door for writes in the office: the same rule the laptop asked, with everything and with today's rights.

use crate::rights::places;
use crate::{Fault, OfficeTx, Result, StoredCommand, find_for};
use domain::returned::{Decision, RETURNED_OPEN_MAX, ReturnedWork, Way, has_served, returned_id};
use domain::{Body, CommandId, Context, Effect, Found, Record, Refusal};
use planted::{Bug, planted};
use policy::{Actor, Code, Denial, Kind, Millis, RecordId};
use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use sync::{Answer, Answered, Envelope};

/// Who sends, from where, and when it arrived.
#[derive(Debug, Clone, Copy)]
pub struct Submission<'a> {
    pub actor: &'a Actor,
    pub device: &'a str,
    pub way: Way,
    pub at: Millis,
}

/// Decides one command and, where it is taken, writes it. Its answer is stored with the change: the same command sent
/// again gets the same answer (DEC-8), for as long as its author has the right to give it. What is deposited is not decided but handed to supervisors; its author may still send
/// it themselves.
pub async fn submit<T: OfficeTx>(
    tx: &mut T,
    submission: Submission<'_>,
    envelope: &Envelope,
) -> Result<Answered> {
    let text = serde_json::to_string(envelope)?;
    let body_hash = *blake3::hash(text.as_bytes()).as_bytes();
    let answered = |answer| Answered {
        id: envelope.id.clone(),
        answer,
    };
    let mut waits = None;
    if let Some(before) = tx.command(&envelope.id).await? {
        let same = (before.body_hash == body_hash || planted(Bug::ForkIsDuplicate))
            && before.person == *submission.actor.person();
        if !same {
            return Ok(answered(Answer::Refused { denial: forked() }));
        }
        let was_held = matches!(&before.answer, Answer::Refused { denial } if denial.code == Code::Held);
        if !was_held || submission.way == Way::Deposited {
            let answer = match (submission.way, before.answer) {
                (Way::Pushed, told) if told != Answer::Taken => {
                    told_again(tx, submission, envelope, told).await?
                }
                (_, told) => told,
            };
            return Ok(answered(answer));
        }
        // Its author has signed in again, and sends themselves what they had left for a supervisor.
        waits = returned(tx, &envelope.id).await?;
        if let Some(decision) = waits.as_ref().and_then(|(_, work)| work.decision.as_ref()) {
            return Ok(answered(answer_of(decision)));
        }
    }
    let attempted = match submission.way {
        Way::Deposited if planted(Bug::DepositedIsDecided) => attempt(tx, submission, envelope).await?,
        Way::Pushed => attempt(tx, submission, envelope).await?,
        Way::Deposited => Err(held().into()),
    };
    let waits_still = match &attempted {
        Ok(_) => false,
        Err(refusal) => hand_over(tx, submission, envelope, refusal).await?,
    };
    if let Some((id, work)) = waits
        && !waits_still
    {
        let work = work.settled_by_author(attempted.is_ok(), submission.actor.name(), submission.at);
        write(tx, &Effect::puts(vec![Record::new(id, work)])).await?;
    }
    let (answer, seq) = match attempted {
        Ok(seq) => (Answer::Taken, Some(seq)),
        Err(refusal) => (said(refusal), None),
    };
    let is_taken = answer == Answer::Taken;
    if is_taken && planted(Bug::AnswerNotKept) || !is_taken && planted(Bug::RefusalNotKept) {
        return Ok(answered(answer));
    }
    let kept = (!is_taken).then_some(text);
    tx.save_command(&StoredCommand {
        id: envelope.id.clone(),
        body_hash,
        person: submission.actor.person().clone(),
        device: submission.device.to_owned(),
        name: envelope.command.name().to_owned(),
        targets: envelope.command.targets(),
        claimed_at: envelope.claimed_at,
        received_at: submission.at,
        seq,
        answer: answer.clone(),
        envelope: kept,
    });
    Ok(answered(answer))
}

/// What is told of a command that was not taken, when it is sent again. Whoever has lost the right to give it hears that, and
/// nothing of what was told to somebody who had it: another's value, or the fact that decided.
async fn told_again<T: OfficeTx>(
    tx: &mut T,
    submission: Submission<'_>,
    envelope: &Envelope,
    told: Answer,
) -> Result<Answer> {
    Ok(match decided(tx, submission, envelope).await? {
        Some(Err(Refusal::Denied(denial))) if denial.code.is_of_rights() => Answer::Refused { denial },
        _ => told,
    })
}

async fn attempt<T: OfficeTx>(
    tx: &mut T,
    submission: Submission<'_>,
    envelope: &Envelope,
) -> Result<std::result::Result<i64, Refusal>> {
    for earlier in &envelope.after {
        let refused = tx
            .command(earlier)
            .await?
            .is_none_or(|command| command.answer != Answer::Taken);
        if refused {
            return Ok(Err(depends_on_refused().into()));
        }
    }
    match decided(tx, submission, envelope).await? {
        Some(Ok(effect)) => Ok(Ok(write(tx, &effect).await?)),
        Some(Err(refusal)) => Ok(Err(refusal)),
        None => Ok(Err(panicked().into())),
    }
}

/// What the rule says with today's rights; none where it panicked. Nothing is written.
async fn decided<T: OfficeTx>(
    tx: &mut T,
    submission: Submission<'_>,
    envelope: &Envelope,
) -> Result<Option<std::result::Result<Effect, Refusal>>> {
    let has_panicked = Cell::new(false);
    let missing = |found: &Found| {
        let missing = guarded(|| envelope.command.missing(found));
        has_panicked.set(missing.is_none());
        missing.unwrap_or_default()
    };
    let found = find_for(tx, missing).await?;
    let context = Context {
        at: if planted(Bug::ClaimedTimeDecides) {
            envelope.claimed_at
        } else {
            submission.at
        },
        claimed_at: envelope.claimed_at,
        actor: submission.actor,
    };
    if has_panicked.get() {
        return Ok(None);
    }
    let mut decided = guarded(|| {
        planted::panic_on(envelope.id.as_str());
        domain::decide(&envelope.command, context, &found)
    });
    if let Some(Err(Refusal::Denied(denial))) = &mut decided
        && denial.code == Code::NotFound
        && planted(Bug::DenialTells)
    {
        denial.fact = found.records.values().next().map(|answer| format!("{answer:?}"));
    }
    Ok(decided)
}

fn said(refusal: Refusal) -> Answer {
    match refusal {
        Refusal::Denied(denial) => Answer::Refused { denial },
        Refusal::Contested(contest) => Answer::Contested { contest },
    }
}

/// Gives refused work whose author cannot put it right to those who supervise where it belongs; false where it is not
/// for them.
async fn hand_over<T: OfficeTx>(
    tx: &mut T,
    submission: Submission<'_>,
    envelope: &Envelope,
    refusal: &Refusal,
) -> Result<bool> {
    let Some(target) = envelope.command.targets().into_iter().next() else {
        return Ok(false);
    };
    let domain::Answer::Found(target) = tx.record(&target).await? else {
        return Ok(false);
    };
    let author = submission.actor.person();
    let work = ReturnedWork::of(
        (author, submission.actor.name()),
        (&envelope.command, envelope.claimed_at),
        &target,
        (refusal, submission.way),
        submission.at,
    );
    let Some(work) = work else { return Ok(false) };
    let of_author = format!("{author}|");
    let grants = tx.range(Kind::Grant, "person", &of_author).await?.records;
    let grants: Vec<_> = grants
        .into_iter()
        .filter_map(|record| match record.body {
            Body::Grant(grant) => Some(grant),
            _ => None,
        })
        .collect();
    if !has_served(&grants, &work.calendar, &places(tx).await?) {
        return Ok(false);
    }
    let open = tx.range(Kind::ReturnedWork, "author_open", &of_author).await?;
    if open.records.len() >= RETURNED_OPEN_MAX {
        return Ok(false);
    }
    let id = returned_id(&envelope.id).map_err(|error| Fault::Unreadable(error.to_string()))?;
    write(tx, &Effect::puts(vec![Record::new(id, work)])).await?;
    Ok(true)
}

/// The record that keeps a refused command for supervisors, where there is one.
async fn returned<T: OfficeTx>(tx: &mut T, command: &CommandId) -> Result<Option<(RecordId, ReturnedWork)>> {
    let id = returned_id(command).map_err(|error| Fault::Unreadable(error.to_string()))?;
    Ok(match tx.record(&id).await? {
        domain::Answer::Found(Record {
            body: Body::ReturnedWork(work),
            ..
        }) => Some((id, *work)),
        _ => None,
    })
}

/// What a supervisor's decision about left work is to its author, who sends it again.
fn answer_of(decision: &Decision) -> Answer {
    if decision.is_adopted {
        return Answer::Taken;
    }
    let sentence = "It was left at the office while your sign-in had ended, and was discarded there.";
    let fact = format!("{}: {}", decision.by, decision.because);
    let denial = Denial::new(Code::WrongState, "X-06", sentence).fact(fact);
    Answer::Refused { denial }
}

/// What is left sealed is decided by nobody but a supervisor: what delivers it proves no person.
fn held() -> Denial {
    let sentence =
        "It was left at the office after its author's sign-in had ended, and waits for a supervisor.";
    Denial::new(Code::Held, "X-06", sentence)
}

/// Asks a rule; none where it panicked. Rules are pure, so nothing is half done then, and the commands behind this one are
/// decided as if it had not been there.
fn guarded<R>(rule: impl FnOnce() -> R) -> Option<R> {
    if planted(Bug::PanicNotCaught) {
        return Some(rule());
    }
    catch_unwind(AssertUnwindSafe(rule)).ok()
}

/// Writes an effect under the organization's next number; gives the number.
pub async fn write<T: OfficeTx>(tx: &mut T, effect: &Effect) -> Result<i64> {
    let seq = tx.next_seq().await?;
    for record in &effect.puts {
        tx.put(seq, record);
    }
    Ok(seq)
}

fn forked() -> Denial {
    let sentence = "This change carries the number of another one, so it was not taken.";
    Denial::new(Code::AlreadyExists, "FLT-13", sentence)
}

fn panicked() -> Denial {
    let sentence = "The office could not decide this because of a fault of its own. Its administrators find it in the log.";
    Denial::new(Code::OfficeFault, "FLT-19", sentence)
}

fn depends_on_refused() -> Denial {
    let sentence = "It follows a change that was not taken, so it was not taken either.";
    Denial::new(Code::WrongState, "X-09", sentence)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flt_19_a_rule_that_panics_is_the_offices_fault_and_is_said_plainly() {
        assert_eq!(guarded(|| 7), Some(7));
        assert_eq!(guarded(|| -> u8 { panic!("a rule with a mistake") }), None);
        let denial = panicked();
        assert_eq!((denial.code, denial.rule.as_str()), (Code::OfficeFault, "FLT-19"));
    }
}
