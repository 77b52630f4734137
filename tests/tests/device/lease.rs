//! The lease: how long a laptop works without asking.

use crate::laptop::Laptop;
use anyhow::{Result, ensure};
use device::LeaseState;
use sync::LEASE_MILLIS;

const MINUTE: i64 = 60_000;

#[test]
fn x_05_before_the_first_exchange_there_is_nothing_to_lock() -> Result<()> {
    let mut laptop = Laptop::of("ana")?;
    let clock = laptop.clock();
    ensure!(laptop.device()?.lease(clock)? == LeaseState::None);
    Ok(())
}

#[test]
fn x_05_and_flt_8_the_lease_ends_when_it_should_whatever_the_laptops_clock_says() -> Result<()> {
    for ahead in [
        0,
        3_600_000,
        -3_600_000,
        10 * 365 * 86_400_000,
        -10 * 365 * 86_400_000,
    ] {
        let mut laptop = Laptop::of("ana")?;
        laptop.ahead = ahead;
        laptop.syncs()?;
        let clock = laptop.clock();
        let ends = clock + LEASE_MILLIS;
        let device = laptop.device()?;
        for (at, expected) in [
            (clock, LeaseState::Until(ends)),
            (clock - 5 * MINUTE, LeaseState::Until(ends)),
            (clock - 5 * MINUTE - 1, LeaseState::Over(clock)),
            (clock - 365 * 86_400_000, LeaseState::Over(clock)),
            (ends - 1, LeaseState::Until(ends)),
            (ends, LeaseState::Over(ends)),
            (ends + 86_400_000, LeaseState::Over(ends)),
        ] {
            let found = device.lease(at)?;
            ensure!(
                found == expected,
                "ahead {ahead}, {} after the exchange: {found:?}, not {expected:?}",
                at - clock
            );
        }
    }
    Ok(())
}

#[test]
fn x_05_a_clock_set_back_step_by_step_gains_five_minutes_and_no_more() -> Result<()> {
    let mut laptop = Laptop::of("ana")?;
    laptop.syncs()?;
    let begun = laptop.clock();
    let device = laptop.device()?;
    device.note_clock(begun + 60 * MINUTE)?;
    // Each step alone is small; together they are not.
    for back in 1..=5 {
        let clock = begun + (60 - back) * MINUTE;
        device.note_clock(clock)?;
        ensure!(
            matches!(device.lease(clock)?, LeaseState::Until(_)),
            "{back} minutes back"
        );
    }
    device.note_clock(begun + 54 * MINUTE)?;
    ensure!(
        matches!(device.lease(begun + 54 * MINUTE)?, LeaseState::Over(_)),
        "six minutes back in small steps"
    );
    // Shutting the laptop in between makes no difference; asking the office does.
    laptop.opens()?;
    ensure!(matches!(
        laptop.device()?.lease(begun + 54 * MINUTE)?,
        LeaseState::Over(_)
    ));
    laptop.ahead = -30 * MINUTE;
    laptop.at += 60 * MINUTE;
    laptop.syncs()?;
    let clock = laptop.clock();
    ensure!(
        matches!(laptop.device()?.lease(clock)?, LeaseState::Until(_)),
        "asking the office does not help"
    );
    Ok(())
}

#[test]
fn x_05_work_moves_the_clock_that_was_seen() -> Result<()> {
    let mut laptop = Laptop::of("ana")?;
    laptop.syncs()?;
    laptop.at += 120 * MINUTE;
    laptop.takes(crate::doing::start("visit-00"))?;
    let clock = laptop.clock();
    ensure!(matches!(
        laptop.device()?.lease(clock - 10 * MINUTE)?,
        LeaseState::Over(_)
    ));
    Ok(())
}
