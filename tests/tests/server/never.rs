//! What is never an inspector's, whoever asks for it and however.

use crate::doing;
use crate::town::Town;
use anyhow::{Result, ensure};
use domain::inspections::Status;
use policy::{Code, Kind};
use sync::Answer;

#[test]
fn c_ins_12_and_c_mgr_10_neither_inspector_nor_manager_changes_a_calendar() -> Result<()> {
    let town = Town::open()?;
    for person in ["ana", "rita", "dora", "marta"] {
        let denial = town
            .person(person)?
            .refused(doing::calendar_rules("building"), Code::NotGranted)?;
        ensure!(denial.rule == "C-MX-13" && denial.who.is_some(), "{denial:?}");
    }
    // An inspector of another calendar does not even learn that there is this one.
    town.person("carla")?
        .refused(doing::calendar_rules("electrical"), Code::NotFound)?;
    // Who may, may.
    town.person("laura")?.takes(doing::calendar_rules("building"))?;
    ensure!(town.person("marta")?.sees()?.shows("building")?["cutoff_minute"] == 600);
    Ok(())
}

#[test]
fn c_ins_13_an_inspector_cancels_for_nobody() -> Result<()> {
    let town = Town::open()?;
    let ana = town.person("ana")?;
    for visit in ["v-ana", "v-ana-begun", "v-ana-late"] {
        let denial = ana.refused(doing::cancel(visit), Code::NotGranted)?;
        ensure!(denial.rule == "C-MX-08", "{denial:?}");
    }
    ana.refused(doing::cancel("v-bruno"), Code::NotFound)?;
    // Rita is a citizen too, and there only the applicant's own visits are hers to cancel.
    town.person("rita")?
        .refused(doing::cancel("v-rita"), Code::NotApplicant)?;
    ensure!(town.visit("v-ana")?.status == Status::Scheduled);
    ensure!(town.visit("v-rita")?.status == Status::Scheduled);
    Ok(())
}

#[test]
fn c_ins_14_an_inspector_neither_receives_nor_changes_what_is_administered() -> Result<()> {
    let town = Town::open()?;
    for person in ["ana", "dora"] {
        let inspector = town.person(person)?;
        let sees = inspector.sees()?;
        ensure!(sees.ids(Kind::Person) == [person], "{:?}", sees.ids(Kind::Person));
        for grant in sees.ids(Kind::Grant) {
            ensure!(
                sees.shows(&grant)?["person"] == person,
                "{person} is shown {grant}"
            );
        }
        let calendar = sees.shows("building")?;
        for hidden in ["teams", "capacity_per_day", "blocked_days"] {
            ensure!(calendar.get(hidden).is_none(), "{hidden} is shown to {person}");
        }
        for (to, role) in [
            (person, "manager"),
            (person, "administrator"),
            ("bruno", "inspector"),
        ] {
            let answer = inspector.does(doing::grant("g-new", to, role, doing::calendar("building")))?;
            ensure!(
                matches!(answer, Answer::Refused { .. }),
                "{person} gave {to} {role}"
            );
        }
        let answer = inspector.does(doing::calendar_rules("building"))?;
        ensure!(
            matches!(answer, Answer::Refused { .. }),
            "{person} changed a calendar"
        );
    }
    Ok(())
}
