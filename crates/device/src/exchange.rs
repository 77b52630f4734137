//! The exchange with the office, step by step: control, push, pull. Each reply is applied whole or not at all,
//! so an exchange may be cut anywhere and simply begins again.

use crate::news;
use crate::person::Device;
use crate::wording;
use domain::CommandId;
use planted::{Bug, planted};
use policy::views::View;
use policy::{Code, Denial, Millis};
use serde_json::json;
use std::collections::{BTreeSet, HashMap};
use store::sqlite::ReturnedRow;
use store::{Fault, Result};
use sync::{
    Answer, Answered, Control, ControlRequest, Cursor, Envelope, Lease, PUSH_BYTES_MAX, Page, PullReply,
    PullRequest, PushReply, PushRequest, Receipt, Stage, Step, Tally, next_step,
};

/// An exchange that brought more rows than this leaves a journal that is worth writing back.
const ROWS_TO_WRITE_BACK: u64 = 500;

/// Where the outbox keeps the number its last control step gave it: what the outbox has outlives a power cut.
pub(crate) const TURN: &str = "turn";

/// A laptop's clock that differs by less from what it was, beside the office's, decides nothing anew, in milliseconds.
const STEADY: Millis = 1_000;

/// What the device asks of the office.
#[derive(Debug, Clone)]
pub enum Request {
    Control(ControlRequest),
    Push(PushRequest),
    Pull(PullRequest),
}

impl Request {
    /// Whether both ask for the same page, or send the same commands.
    pub fn is_same(&self, other: &Request) -> bool {
        match (self, other) {
            (Request::Pull(this), Request::Pull(that)) => {
                this.cursor == that.cursor && this.tallies == that.tallies
            }
            (Request::Push(this), Request::Push(that)) => {
                let ids =
                    |push: &PushRequest| push.commands.iter().map(|one| one.id.clone()).collect::<Vec<_>>();
                ids(this) == ids(that)
            }
            _ => false,
        }
    }
}

/// What the office answers.
#[derive(Debug, Clone)]
pub enum Reply {
    Control(Box<Control>),
    Push(PushReply),
    Pull(PullReply),
}

/// How far the exchange under way has come.
#[derive(Debug, Default)]
pub struct Exchange {
    controlled: bool,
    complete: bool,
    /// The last tally differed: ask for each view's.
    tallies: bool,
    /// Views that differed were fetched again already.
    healed: bool,
    sending: BTreeSet<CommandId>,
    rows_done: u64,
    rows_to_come: u64,
}

impl Exchange {
    pub(crate) fn is_sending(&self, id: &CommandId) -> bool {
        self.sending.contains(id)
    }
}

impl Device {
    /// Begins an exchange, from the start.
    pub fn begin_exchange(&mut self) {
        self.exchange = Exchange::default();
    }

    /// Something has happened at the office, or here: there is more to exchange.
    pub fn ask_again(&mut self) {
        self.exchange.complete = false;
    }

    /// Rows received of rows expected, while views are being filled.
    pub fn progress(&self) -> Option<(u64, u64)> {
        let Exchange {
            rows_done,
            rows_to_come,
            complete,
            ..
        } = self.exchange;
        (!complete && rows_to_come > 0).then_some((rows_done.min(rows_to_come), rows_to_come))
    }

    /// The next request of the exchange; none when it is done.
    pub fn next_request(&mut self) -> Result<Option<Request>> {
        Ok(match next_step(self.stage()?) {
            Step::Control => Some(Request::Control(self.control_request()?)),
            Step::Push => {
                let push = self.push_request(&BTreeSet::new())?;
                if push.commands.is_empty() {
                    // What waited was too big for any push and has been returned.
                    return self.next_request();
                }
                Some(Request::Push(push))
            }
            Step::Pull => match self.cache.meta::<Cursor>("cursor")? {
                Some(cursor) => Some(Request::Pull(PullRequest {
                    cursor,
                    tallies: self.exchange.tallies,
                })),
                None => Some(Request::Control(self.control_request()?)),
            },
            Step::Done => None,
        })
    }

    /// How far the exchange has come.
    pub(crate) fn stage(&self) -> Result<Stage> {
        Ok(Stage {
            controlled: self.exchange.controlled,
            receipts_waiting: !self.outbox.receipts_to_send()?.is_empty(),
            commands_waiting: self.outbox.has_waiting()?,
            complete: self.exchange.complete,
        })
    }

    /// What will be asked after this reply, where that is known before the reply is taken in: the page after a page, the
    /// commands after those that were sent. It may travel meanwhile.
    pub fn request_after(&mut self, reply: &Reply) -> Result<Option<Request>> {
        match reply {
            Reply::Pull(PullReply::Page(page)) if !page.complete => Ok(Some(Request::Pull(PullRequest {
                cursor: page.cursor.clone(),
                tallies: self.exchange.tallies,
            }))),
            Reply::Push(_) => {
                let next = self.push_request(&self.exchange.sending.clone())?;
                Ok((!next.commands.is_empty()).then_some(Request::Push(next)))
            }
            _ => Ok(None),
        }
    }

    /// Takes in the reply to a request. `now` is the laptop's clock. A reply that comes after a later one changes nothing:
    /// an older page never overwrites a newer one (FLT-2).
    pub fn settle(&mut self, now: Millis, request: &Request, reply: Reply) -> Result<()> {
        match (request, reply) {
            (Request::Control(request), Reply::Control(control)) => {
                // The turn tells apart what the others cannot: rights that were given and taken back meanwhile.
                let is_current = self.is_here(request.cursor.as_ref())?
                    && request.held == self.held_views()?
                    && request.turn == self.turn()?;
                if is_current || planted(Bug::OlderRightsApplied) {
                    self.settle_control(now, request, *control)?;
                }
                Ok(())
            }
            (Request::Push(request), Reply::Push(reply)) => self.settle_push(now, request, &reply),
            (Request::Pull(_), Reply::Pull(PullReply::RightsChanged)) => {
                self.exchange.controlled = false;
                Ok(())
            }
            (Request::Pull(request), Reply::Pull(PullReply::Page(page))) => {
                if self.is_here(Some(&request.cursor))?
                    || planted(Bug::OlderPageApplied)
                    || planted(Bug::GenerationNotCompared)
                {
                    self.settle_page(now, request, &page)?;
                }
                Ok(())
            }
            _ => Err(Fault::Other("the office answered another question".to_owned())),
        }
    }

    /// A request came to nothing: nothing was changed, what was being sent waits again.
    pub fn abandon(&mut self) {
        self.exchange.sending.clear();
    }

    /// An exchange is over: what nobody has to wait for. Where many records came, the cache's journal is written back.
    pub fn rest(&mut self) -> Result<()> {
        if self.exchange.complete && self.exchange.rows_done > ROWS_TO_WRITE_BACK {
            self.exchange.rows_done = 0;
            self.cache.write_back()?;
        }
        Ok(())
    }

    /// Whether this is the place in the office's log that the cache has come to.
    fn is_here(&self, cursor: Option<&Cursor>) -> Result<bool> {
        Ok(self.cache.meta::<Cursor>("cursor")?.as_ref() == cursor)
    }

    fn held_views(&self) -> Result<Vec<View>> {
        Ok(self.cache.views()?.into_iter().map(|(view, _)| view).collect())
    }

    fn control_request(&self) -> Result<ControlRequest> {
        Ok(ControlRequest {
            held: self.held_views()?,
            cursor: self.cache.meta("cursor")?,
            receipts: self.outbox.receipts_to_send()?,
            turn: self.turn()?,
        })
    }

    /// The number its last control step gave it.
    fn turn(&self) -> Result<Option<u64>> {
        Ok(self.outbox.meta(TURN)?.and_then(|turn| turn.parse().ok()))
    }

    /// The oldest commands that wait, beside those that are on their way. One that is too big for any push goes back to
    /// its author, so that it does not hold up those behind it (FLT-19).
    fn push_request(&mut self, on_their_way: &BTreeSet<CommandId>) -> Result<PushRequest> {
        let to_send = self
            .outbox
            .to_send(on_their_way, self.push_commands_max, PUSH_BYTES_MAX)?;
        if !to_send.too_big.is_empty() {
            self.return_too_big(to_send.too_big)?;
        }
        let ids: Vec<&CommandId> = to_send.commands.iter().map(|envelope| &envelope.id).collect();
        if planted(Bug::TakenWhenSent) {
            self.outbox.settle(&ids, &[], self.office_heard(0)?)?;
        }
        self.exchange.sending.extend(ids.into_iter().cloned());
        Ok(PushRequest {
            commands: to_send.commands,
        })
    }

    fn return_too_big(&mut self, too_big: Vec<Envelope>) -> Result<()> {
        let at = self.cache.meta("clock_seen")?.unwrap_or_default();
        let accepted = format!("a change of at most {PUSH_BYTES_MAX} bytes");
        let mut returned = Vec::new();
        for envelope in too_big {
            returned.push(ReturnedRow {
                target_title: self.outbox.title(&envelope.id)?.unwrap_or_default(),
                denial: Some(Denial::invalid("The change", "too big to be sent", &accepted)),
                contest: None,
                at,
                envelope,
            });
        }
        self.outbox.settle(&[], &returned, self.office_heard(at)?)?;
        self.rebuild_overlay()
    }

    /// The office's clock when it was last heard.
    fn office_heard(&self, now: Millis) -> Result<Millis> {
        let lease: Option<Lease> = self.cache.meta("lease")?;
        Ok(lease.map_or(now, |lease| lease.issued))
    }

    /// Revocation first: what was lost is gone before anything else is done.
    fn settle_control(&mut self, now: Millis, request: &ControlRequest, control: Control) -> Result<()> {
        let before: Option<String> = self.cache.meta("incarnation")?;
        // Views taken and given back at once: the office does not know this device's place any more. Unless that is too old, the
        // office was put back.
        let behind = !control.too_old && control.lost.iter().any(|view| control.gained.contains(view));
        let restored = behind || before.is_some_and(|before| before != control.incarnation);
        if planted(Bug::RightsBeforeForgetting) {
            self.cache.set_meta("rights", &control.rights)?;
        }
        let is_skipped = planted(Bug::EmptyRightsSkipped) && control.rights.grants.is_empty();
        // What is given back at once was not taken away: it is fetched anew.
        let (anew, gone): (Vec<View>, Vec<View>) =
            (control.lost.iter().cloned()).partition(|view| control.gained.contains(view));
        if !gone.is_empty() && !is_skipped {
            let titles = self.titles(&gone);
            if planted(Bug::ReceiptBeforeForgetting) {
                let (views, verified) = (gone.clone(), true);
                let receipt = Receipt {
                    views,
                    records: 0,
                    at: now,
                    verified,
                };
                self.outbox.add_receipt(&receipt, &titles)?;
            }
            let forgotten = self.cache.forget(&gone, Some(&control.rights))?;
            if !restored {
                let receipt = Receipt {
                    views: gone,
                    records: forgotten.records,
                    at: now,
                    verified: forgotten.verified,
                };
                self.outbox.add_receipt(&receipt, &titles)?;
            }
        }
        if !anew.is_empty() {
            self.cache.forget(&anew, Some(&control.rights))?;
        }
        if !request.receipts.is_empty() {
            self.outbox.receipts_sent()?;
        }
        // An office of an earlier version gives none.
        if control.turn > 0 {
            self.outbox.set_meta(TURN, &control.turn.to_string())?;
        }
        self.keep_deposit_key(&control.deposit_key)?;
        if restored && !planted(Bug::JournalNotOffered) {
            self.outbox.offer_journal_again()?;
        }
        let facts = [
            ("epoch", json!(control.epoch)),
            ("incarnation", json!(control.incarnation)),
            ("cursor", json!(control.cursor)),
            ("lease", json!(control.lease)),
            ("office_ahead", json!(control.lease.issued - now)),
            ("rights_as_of", json!(now)),
            ("clock_seen", json!(now)),
        ];
        let changes_nothing = !restored
            && control.lost.is_empty()
            && control.gained.is_empty()
            && control.rights == self.rights
            && (control.lease.issued - now - self.office_ahead()?).abs() < STEADY;
        self.cache.begin_views(&control.gained, &control.rights, &facts)?;
        self.news = news::read(&self.cache)?;
        self.rights = control.rights;
        self.exchange.controlled = true;
        self.exchange.rows_done = 0;
        self.exchange.rows_to_come = control.rows_to_come;
        if !control.gained.is_empty() || !control.lost.is_empty() {
            self.exchange.complete = false;
        }
        if changes_nothing {
            // A long queue is not decided again for nothing.
            return Ok(());
        }
        self.rebuild_overlay()
    }

    fn settle_push(&mut self, now: Millis, request: &PushRequest, reply: &PushReply) -> Result<()> {
        let answers: HashMap<&CommandId, &Answered> = reply
            .answers
            .iter()
            .map(|answered| (&answered.id, answered))
            .collect();
        let mut taken = Vec::new();
        let mut returned = Vec::new();
        let mut asked = false;
        for envelope in &request.commands {
            // A command that is not on its way was answered, or given up, before this reply came.
            if !self.exchange.sending.remove(&envelope.id) {
                continue;
            }
            asked = true;
            let Some(answered) = answers.get(&envelope.id) else {
                continue;
            };
            let (denial, contest) = match &answered.answer {
                Answer::Taken => {
                    taken.push(envelope);
                    continue;
                }
                Answer::Refused { denial }
                    if planted(Bug::PoisonDropped)
                        && matches!(denial.code, Code::InvalidInput | Code::OfficeFault) =>
                {
                    self.outbox.remove_waiting(&envelope.id)?;
                    self.exchange.complete = false;
                    continue;
                }
                Answer::Refused { denial } => (Some(denial.clone()), None),
                Answer::Contested { contest } => (None, Some(contest.clone())),
            };
            let Some(target_title) = self.outbox.title(&envelope.id)? else {
                continue;
            };
            returned.push(ReturnedRow {
                envelope: envelope.clone(),
                target_title,
                denial,
                contest,
                at: now,
            });
        }
        if taken.is_empty() && returned.is_empty() && asked {
            return Err(Fault::Other(
                "the office answered none of the commands sent".to_owned(),
            ));
        }
        let ids: Vec<&CommandId> = taken.iter().map(|envelope| &envelope.id).collect();
        let heard = if planted(Bug::JournalAgesByLaptop) {
            now
        } else {
            self.office_heard(now)?
        };
        self.outbox.settle(&ids, &returned, heard)?;
        self.exchange.complete = false;
        if returned.is_empty() {
            for envelope in taken {
                self.overlay.no_longer_waits(&envelope.command);
            }
            return Ok(());
        }
        self.rebuild_overlay()
    }

    fn settle_page(&mut self, now: Millis, request: &PullRequest, page: &Page) -> Result<()> {
        let epoch: Option<String> = self.cache.meta("epoch")?;
        if epoch.as_deref() != Some(page.epoch.as_str()) && !planted(Bug::GenerationNotCompared) {
            self.exchange.controlled = false;
            return Ok(());
        }
        let mut facts = vec![
            ("cursor", json!(page.cursor)),
            ("office_ahead", json!(page.at - now)),
            ("clock_seen", json!(now)),
        ];
        if page.complete {
            facts.push(("last_sync", json!(now)));
        }
        let Device {
            cache,
            overlay,
            rights,
            ..
        } = self;
        if planted(Bug::CursorBeforeRows) {
            cache.set_meta("cursor", &page.cursor)?;
        }
        cache.apply(page, &facts, |before, after| {
            news::tell(overlay, &rights.name, before, after)
        })?;
        self.news = news::read(&self.cache)?;
        self.exchange.rows_done += page.rows.len() as u64;
        if page.complete {
            self.outbox.clear_taken()?;
            self.exchange.complete = true;
            self.prove(now, request, page)?;
            self.cache.clean_where_due(now)?;
        }
        self.rebuild_overlay()
    }

    /// Compares what is held with the office's tally. A view that differs is emptied and fetched again.
    fn prove(&mut self, now: Millis, request: &PullRequest, page: &Page) -> Result<()> {
        let held = self.cache.views()?;
        let sum = held
            .iter()
            .fold(Tally::default(), |sum, (_, tally)| sum.and(*tally));
        if page.tally.is_none_or(|tally| tally == sum) || planted(Bug::TallyNotCompared) {
            self.exchange.tallies = false;
            return self.cache.set_meta("checked", &now);
        }
        if self.exchange.healed {
            // Fetching again did not help. What is held is not called checked; the next exchange tries once more.
            self.exchange.tallies = false;
            return Ok(());
        }
        if !request.tallies {
            self.exchange.tallies = true;
            self.exchange.complete = false;
            return Ok(());
        }
        let office = |view: &View| {
            page.tallies
                .iter()
                .find(|(other, _)| other == view)
                .map(|(_, tally)| *tally)
        };
        for (view, tally) in held {
            if office(&view) != Some(tally) && !planted(Bug::TallyNotHealed) {
                self.cache.drop_view(&view)?;
            }
        }
        self.news = news::read(&self.cache)?;
        self.exchange.tallies = false;
        self.exchange.healed = true;
        self.exchange.controlled = false;
        self.exchange.complete = false;
        Ok(())
    }

    pub(crate) fn titles(&self, views: &[View]) -> Vec<String> {
        views
            .iter()
            .map(|view| wording::view_title(view, &self.rights))
            .collect()
    }
}
