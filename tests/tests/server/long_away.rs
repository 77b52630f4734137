//! A laptop that was away for longer than the office knows what was removed.

use crate::caller::Caller;
use crate::doing;
use crate::town::Town;
use anyhow::{Result, ensure};
use bailiwick_tests::office::OfficeProcess;
use bailiwick_tests::wait::until;
use std::time::Duration;

const DAY: i64 = 24 * 60 * 60 * 1000;

/// Time passes for all that the office was told.
fn passes(town: &mut Town, days: i64) -> Result<()> {
    let by = days * DAY;
    town.office
        .change("UPDATE command SET received_at = received_at - ?", &[&by])?;
    town.office.stop()?;
    town.office = OfficeProcess::serve(town.folder.path())?;
    Ok(())
}

fn removals_from(town: &Town) -> Result<i64> {
    town.office.look("SELECT removals_from FROM org", &[])
}

fn again(town: &Town, caller: &Caller) -> Result<Caller> {
    Ok(Caller::nobody(&town.office.address)?.with_credential(caller.credential.as_deref()))
}

#[test]
fn flt_25_a_laptop_from_before_the_log_fetches_everything_anew_and_its_work_counts() -> Result<()> {
    let mut town = Town::open()?;
    let (ana, marta) = (town.person("ana")?, town.person("marta")?);
    let (mut away, mut recent) = (ana.sees()?, marta.sees()?);
    ensure!(away.body("v-ana").is_some());
    marta.takes(doing::reassign("v-ana", "bruno", Some("ana")))?;
    marta.pulls(&mut recent)?;
    // Not yet: what is younger than 45 days is known.
    passes(&mut town, 40)?;
    let (ana, marta) = (again(&town, &ana)?, again(&town, &marta)?);
    std::thread::sleep(Duration::from_millis(500));
    ensure!(removals_from(&town)? == 0);
    ensure!(!ana.control(&away)?.too_old);
    passes(&mut town, 20)?;
    let (ana, marta) = (again(&town, &ana)?, again(&town, &marta)?);
    until("the removals are forgotten", Duration::from_secs(10), || {
        Ok((removals_from(&town)? > 0).then_some(()))
    })?;
    // Whoever was here meanwhile goes on as before.
    let control = marta.pulls(&mut recent)?;
    ensure!(!control.too_old && control.lost.is_empty() && control.gained.is_empty());
    // What the laptop did while it was away is decided as ever.
    ana.takes(doing::note("v-ana-late", "n-away", "Written while away."))?;
    let control = ana.pulls(&mut away)?;
    ensure!(control.too_old && !control.lost.is_empty());
    ensure!(control.lost.iter().all(|view| control.gained.contains(view)));
    ensure!(
        away.body("v-ana").is_none(),
        "what was removed meanwhile is still here"
    );
    ensure!(away.rows == ana.sees()?.rows);
    ensure!(!ana.control(&away)?.too_old);
    Ok(())
}
