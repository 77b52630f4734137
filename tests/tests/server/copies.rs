//! A laptop that was copied, or put back from an older copy of itself.

use crate::caller::{Caller, Holding};
use crate::doing;
use crate::town::Town;
use anyhow::{Context as _, Result, ensure};
use serde_json::json;
use sync::{Control, ControlRequest};

/// What a laptop has on its disk, as far as the office asks for it.
#[derive(Clone, Default)]
struct Disk {
    holding: Holding,
    turn: Option<u64>,
}

/// The control step, and the first page after it.
fn comes(caller: &Caller, disk: &mut Disk) -> Result<()> {
    let request = ControlRequest {
        held: disk.holding.views.clone(),
        cursor: disk.holding.cursor.clone(),
        receipts: Vec::new(),
        turn: disk.turn,
    };
    let reply = caller.post("/api/sync/control", &json!(request))?;
    let control: Control = serde_json::from_slice(&reply.bytes).with_context(|| reply.said())?;
    ensure!(
        control.turn > disk.turn.unwrap_or(0),
        "the number is {}",
        control.turn
    );
    disk.turn = Some(control.turn);
    disk.holding.views.extend(control.gained);
    caller.pull(&control.cursor)?;
    disk.holding.cursor = Some(control.cursor);
    Ok(())
}

fn is_noticed(caller: &Caller, disk: &Disk) -> Result<()> {
    let body = json!({ "held": [], "cursor": disk.holding.cursor, "turn": disk.turn });
    caller.post("/api/sync/control", &body)?.is(409, "fork")
}

#[test]
fn flt_13_and_att_9_a_copy_of_a_laptop_is_noticed_at_its_first_word_and_its_work_counts() -> Result<()> {
    let town = Town::open()?;
    let (ana, marta) = (town.person("ana")?, town.person("marta")?);
    let (mut first, mut hers) = (Disk::default(), Disk::default());
    comes(&ana, &mut first)?;
    comes(&marta, &mut hers)?;
    let mut second = first.clone();
    // The copy that comes first goes on; the other is told.
    comes(&ana, &mut first)?;
    is_noticed(&ana, &second)?;
    is_noticed(&ana, &second)?;
    comes(&ana, &mut first)?;
    // It signs in as a laptop of its own, and what it did is sent.
    let again = town.person("ana")?;
    ensure!(again.device != ana.device);
    second = Disk::default();
    comes(&again, &mut second)?;
    again.takes(doing::note("v-ana", "n-copy", "Written on the copy."))?;
    comes(&again, &mut second)?;
    comes(&ana, &mut first)?;
    // Nobody else hears of it.
    comes(&marta, &mut hers)
}

#[test]
fn flt_2_and_flt_13_an_answer_that_was_lost_and_a_request_that_comes_late_make_no_copy() -> Result<()> {
    let town = Town::open()?;
    let ana = town.person("ana")?;
    let mut disk = Disk::default();
    comes(&ana, &mut disk)?;
    let before = disk.clone();
    // The answer is lost, twice: the laptop shows again what it has.
    let body = json!({ "held": [], "cursor": disk.holding.cursor, "turn": disk.turn });
    ensure!(ana.post("/api/sync/control", &body)?.status == 200);
    ensure!(ana.post("/api/sync/control", &body)?.status == 200);
    comes(&ana, &mut disk)?;
    // What it asked before comes late: it is told so, waits for no answer any more, and goes on.
    is_noticed(&ana, &before)?;
    comes(&ana, &mut disk)?;
    // A laptop whose files are gone has nothing to show, and begins anew.
    let mut empty = Disk::default();
    comes(&ana, &mut empty)?;
    comes(&ana, &mut empty)?;
    // One of an earlier version shows nothing ever.
    for _ in 0..2 {
        let control = ana.control(&Holding::default())?;
        ana.pull(&control.cursor)?;
    }
    Ok(())
}
