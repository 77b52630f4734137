//! A search tells no more than the lists do.

use crate::doing;
use crate::laptop::{Laptop, id};
use anyhow::{Result, ensure};
use domain::Body;

fn found(laptop: &mut Laptop, text: &str) -> Result<Vec<String>> {
    let rows = laptop.device()?.search(text, 50)?;
    Ok(rows.into_iter().map(|row| row.id.to_string()).collect())
}

#[test]
fn att_20_a_search_finds_what_is_shown_and_nothing_else() -> Result<()> {
    let mut laptop = Laptop::of("ana")?;
    for name in ["visit-00", "visit-01"] {
        laptop.office_has(name, |body| {
            if let Body::Appointment(visit) = body {
                visit.address = "Calle Verdaguer 7".to_owned();
                visit.contact_email = "hidden.zorrilla@town.example".to_owned();
            }
        })?;
    }
    laptop.syncs()?;
    // Bruno's visit is at the same address, and the e-mail is for supervisors.
    ensure!(found(&mut laptop, "verdaguer")? == ["visit-00"]);
    for words in ["zorrilla", "hidden", "hidden.zorrilla@town.example"] {
        ensure!(found(&mut laptop, words)?.is_empty(), "`{words}` is found");
    }
    laptop.office_does(doing::reassign_over("visit-01", "ana", "bruno"))?;
    laptop.syncs()?;
    ensure!(
        found(&mut laptop, "verdaguer")?.len() == 2,
        "it came and is not found"
    );
    laptop.office_does(doing::reassign_over("visit-01", "bruno", "ana"))?;
    laptop.syncs()?;
    ensure!(
        found(&mut laptop, "verdaguer")? == ["visit-00"],
        "it left and is found"
    );
    let now = laptop.clock();
    ensure!(
        laptop.device()?.sheet(now, &id("visit-01"))?.is_none(),
        "it is still shown"
    );
    Ok(())
}
