//! Every screen and dialog under axe, in every theme and from right to left; and the work done with the keyboard alone.

use crate::desk::{because, failed, pick};
use crate::town::*;
use crate::visits::answer_everything;
use anyhow::{Context as _, Result, ensure};
use bailiwick_tests::office::PASSWORD;
use bailiwick_tests::window::Window;
use serde_json::json;

/// What axe finds, with the screen and the theme it was found in.
struct Findings(Vec<String>);

impl Findings {
    fn look(&mut self, window: &Window, screen: &str) -> Result<()> {
        for theme in ["light", "dark", "contrast"] {
            window.theme(theme)?;
            self.note(window, &format!("{screen}, {theme}"))?;
        }
        window.theme("light")?;
        window.speak("ar-XB")?;
        self.note(window, &format!("{screen}, from right to left"))?;
        window.speak("en")
    }

    fn note(&mut self, window: &Window, seen: &str) -> Result<()> {
        let found = window.axe()?;
        self.0
            .extend(found.into_iter().map(|found| format!("{seen}: {found}")));
        Ok(())
    }

    fn none(self) -> Result<()> {
        ensure!(self.0.is_empty(), "axe finds:\n{}", self.0.join("\n"));
        Ok(())
    }
}

/// Texts that stand out from their ground by less than 7 to 1.
fn faint(window: &Window) -> Result<Vec<String>> {
    window.axe()?;
    let script = "const done = arguments[0];
        axe.run(document, { runOnly: ['color-contrast-enhanced'] }).then((found) => done(found.violations.flatMap((one) =>
          one.nodes.map((node) => node.html.slice(0, 80) + ' ' + node.any[0]?.data?.contrastRatio))), (error) => done([String(error)]))";
    strings(&window.script_later(script, vec![])?)
}

/// What is on the screen now, under axe in both themes and at 7 to 1.
pub fn faultless(window: &Window) -> Result<()> {
    let mut findings = Findings(Vec::new());
    findings.look(window, "this screen")?;
    for theme in ["light", "dark"] {
        window.theme(theme)?;
        let faint = faint(window)?;
        findings
            .0
            .extend(faint.into_iter().map(|faint| format!("{theme}: faint {faint}")));
    }
    window.theme("light")?;
    findings.none()
}

fn escape(window: &Window, dialog: &str) -> Result<()> {
    window.press("\u{e00c}")?;
    window.wait_for(dialog, false)?;
    Ok(())
}

#[test]
fn axe_finds_nothing_on_any_screen() -> Result<()> {
    shared(|town| {
        let mut findings = Findings(Vec::new());
        let (office, window) = (&town.office, &town.ana.window);
        let day = later_days(office, ANA)?
            .into_iter()
            .nth(4)
            .context("too few days ahead")?;
        let own = visits(office, ANA, &day)?;
        let (id, body) = own.first().context("no visit")?;
        go_to_day(window, "today", &day, own.len())?;
        findings.look(window, "today")?;
        open_visit(window, office, id)?;
        findings.look(window, "inspection to come")?;
        window.click("request-reassignment")?;
        window.wait_for("request-dialog", true)?;
        findings.look(window, "request dialog")?;
        escape(window, "request-dialog")?;
        window.click("start")?;
        says(window, "[data-testid=status]", "In progress")?;
        window.click("record-result")?;
        window.wait_for("denial", true)?;
        findings.look(window, "denial dialog")?;
        escape(window, "denial")?;
        answer_everything(window, &checklist(office, body)?)?;
        window.fill("note-text", "Seen from the street.")?;
        window.click("add-note")?;
        findings.look(window, "inspection under way")?;
        window.click("record-result")?;
        window.wait_for("result-dialog", true)?;
        findings.look(window, "result dialog")?;
        escape(window, "result-dialog")?;
        go(window, &format!("#/permit/{}", words(body, "permit")), "permit")?;
        says(window, "main h1", &words(body, "permit_number"))?;
        findings.look(window, "permit")?;
        go(window, "#/sync", "sync")?;
        window.wait_for("holdings", true)?;
        findings.look(window, "sync")?;
        go(window, "#/access", "access")?;
        window.wait_for("place-cal-building", true)?;
        findings.look(window, "access")?;
        window.press_with_control("k")?;
        window.fill("search", "B-2026")?;
        says(
            window,
            "[data-testid=palette] [role=status]",
            "results on this laptop",
        )?;
        findings.look(window, "search")?;
        escape(window, "palette")?;

        let window = &town.marta.window;
        let bars = "[data-testid^=\"bar-\"]";
        go(window, &format!("#/team/{day}"), "team")?;
        eventually("the team's visits", || {
            ensure!(
                count(window, bars)? > own.len(),
                "{} are drawn",
                count(window, bars)?
            );
            Ok(())
        })?;
        let last = own.last().context("no visit")?;
        window.click(&format!("bar-{}", last.0))?;
        window.wait_for("selected", true)?;
        findings.look(window, "team timeline")?;
        window.click("reassign")?;
        window.wait_for(&format!("reassign-to-{BRUNO}"), true)?;
        findings.look(window, "reassign dialog")?;
        escape(window, "reassign-dialog")?;
        window.click("show-table")?;
        window.wait_for("team-table", true)?;
        findings.look(window, "team table")?;
        let bookable: String = office.look(
            "SELECT id FROM record WHERE kind = 'permit' AND json_extract(body, '$.calendar') = 'cal-building'
               AND json_extract(body, '$.status') = 'issued' AND json_extract(body, '$.fee_paid') LIMIT 1",
            &[],
        )?;
        go(window, &format!("#/permit/{bookable}"), "permit")?;
        window.wait_for("book", true)?;
        findings.look(window, "permit of a supervisor")?;
        window.click("book")?;
        window.wait_for("book-dialog", true)?;
        findings.look(window, "booking dialog")?;
        escape(window, "book-dialog")?;
        findings.none()
    })
}

#[test]
fn axe_finds_nothing_where_a_day_is_changed() -> Result<()> {
    shared(|town| {
        let mut findings = Findings(Vec::new());
        let (office, window) = (&town.office, &town.marta.window);
        let days = later_days(office, ANA)?;
        let (id, _) = visits(office, ANA, &days[3])?
            .into_iter()
            .last()
            .context("no visit")?;
        open_visit(window, office, &id)?;
        window.click("more")?;
        window.wait_for("menu-reschedule", true)?;
        findings.look(window, "menu of a visit")?;
        window.click("menu-lock_appointment")?;
        window.wait_for("reason-dialog", true)?;
        findings.look(window, "reason dialog")?;
        window.fill("because", "Looked at.")?;
        window.click("confirm-reason")?;
        window.wait_for("lock-banner", true)?;
        findings.look(window, "locked visit")?;
        pick(window, "more", "reschedule")?;
        window.wait_for("reschedule-dialog", true)?;
        findings.look(window, "reschedule dialog")?;
        escape(window, "reschedule-dialog")?;
        pick(window, "more", "unlock_appointment")?;
        because(window, "Looked at.")?;

        let (failed, _) = failed(office, 2)?;
        open_visit(window, office, &failed)?;
        pick(window, "more", "correct_result")?;
        window.wait_for("correct-dialog", true)?;
        findings.look(window, "correction dialog")?;
        escape(window, "correct-dialog")?;
        pick(window, "more", "book_reinspection")?;
        window.wait_for("reinspection-dialog", true)?;
        findings.look(window, "re-inspection dialog")?;
        window.click("confirm-reinspection")?;
        window.wait_for("reinspects", true)?;
        findings.look(window, "re-inspection")?;

        let menu = format!("lane-menu-{ANA}");
        go(window, &format!("#/team/{}", days[5]), "team")?;
        window.wait_for(&menu, true)?;
        pick(window, &menu, "mark_unavailable")?;
        window.wait_for("unavailable-dialog", true)?;
        findings.look(window, "absence dialog")?;
        window.click("confirm-unavailable")?;
        window.wait_for("close-move", true)?;
        findings.look(window, "who takes the visits")?;
        window.click("close-move")?;
        window.click("block-time")?;
        window.wait_for("block-dialog", true)?;
        window.fill("because", "Looked at.")?;
        window.click("block-hours")?;
        window.wait_for("block-from", true)?;
        findings.look(window, "block dialog")?;
        window.click("confirm-block")?;
        window.wait_for("block-dialog", false)?;
        window.wait_for("gaps", true)?;
        findings.look(window, "team with gaps, an absence and a block")?;
        window.click(&menu)?;
        window.wait_for("menu-move_visits", true)?;
        findings.look(window, "menu of an inspector")?;
        let back = attributes(window, "[data-testid^=\"menu-mark_available\"]", "data-testid")?;
        window.click(back.first().context("no way back")?)?;
        let lift = attributes(window, "[data-testid^=\"lift-\"]", "data-testid")?;
        for lift in lift {
            window.click(&lift)?;
        }
        window.wait_for("gaps", false)?;

        let window = &town.ana.window;
        go(window, &format!("#/week/{}", days[0]), "week")?;
        findings.look(window, "week")?;
        window.click("show-week-table")?;
        findings.look(window, "week table")?;
        findings.none()
    })
}

#[test]
fn axe_finds_nothing_on_the_screens_of_who_is_shut_out() -> Result<()> {
    let office = office("shut-out")?;
    let laptop = Laptop::new("shut-out", &office)?;
    let window = &laptop.window;
    let mut findings = Findings(Vec::new());
    findings.look(window, "sign-in")?;
    window.sign_in(&laptop.wire.address(), "nadia", "not the password")?;
    window.wait_for("problem", true)?;
    findings.look(window, "sign-in refused")?;
    laptop.sign_in("nadia")?;
    window.wait_for("no-role", true)?;
    findings.look(window, "no role")?;
    window.click("lock")?;
    window.wait_for_screen("lock")?;
    findings.look(window, "lock")?;
    window.fill("password", PASSWORD)?;
    window.click("unlock")?;
    window.wait_for("status-line", true)?;
    office.administrator(&["user", "off", "nadia"])?;
    window.wait_for_screen("lease")?;
    findings.look(window, "lease")?;
    findings.none()
}

#[test]
fn x_12_an_inspection_is_made_by_keyboard_in_strong_light_and_at_twice_the_size() -> Result<()> {
    shared(|town| {
        let (window, office) = (&town.ana.window, &town.office);
        let day = later_days(office, ANA)?
            .into_iter()
            .nth(5)
            .context("too few days ahead")?;
        let own = visits(office, ANA, &day)?;
        let (id, body) = own.get(1).context("no second visit")?;
        go_to_day(window, "today", &day, own.len())?;
        let focused = || window.script("return document.activeElement?.dataset.testid ?? null", vec![]);
        let tab_to = |wanted: &str| {
            eventually(&format!("the focus on {wanted}"), || {
                window.press("\u{e004}")?;
                let on = focused()?;
                ensure!(on == json!(wanted), "it is on {on}");
                Ok(())
            })
        };
        tab_to(&format!("visit-{}", own[0].0))?;
        window.press("\u{e015}")?;
        eventually("the arrow to move on", || {
            let on = focused()?;
            ensure!(on == json!(format!("visit-{id}")), "the focus is on {on}");
            Ok(())
        })?;
        window.press("\u{e007}")?;
        window.wait_for_screen("inspection")?;
        tab_to("start")?;
        window.press("\u{e007}")?;
        office_has(office, id, "the visit in progress", |body| {
            body["status"] == json!("in_progress")
        })?;
        let items = checklist(office, body)?;
        tab_to(&format!("item-{}", words(&items[0], "key")))?;
        for item in &items {
            let line = format!("item-{}", words(item, "key"));
            window.press("p")?;
            eventually(&format!("{line} to be answered"), || {
                let answer = window.attribute(&line, "data-answer")?;
                ensure!(answer.as_deref() == Some("pass"), "it is {answer:?}");
                Ok(())
            })?;
            window.press("\u{e015}")?;
        }
        eventually("the result to be offered", || {
            ensure!(
                window.attribute("record-result", "aria-disabled")?.is_none(),
                "it is not"
            );
            Ok(())
        })?;
        // Control and Enter, then the first choice and the dialog's own Enter.
        window.press_with_control("\u{e007}")?;
        window.wait_for("result-dialog", true)?;
        tab_to("overall-passed")?;
        window.press(" ")?;
        tab_to("confirm-result")?;
        window.press("\u{e007}")?;
        let done = office_has(office, id, "the result", |body| {
            body["status"] == json!("completed")
        })?;
        ensure!(
            done["result"]["overall"] == json!("passed"),
            "the office has the result {}",
            done["result"]
        );

        let screens = [
            (format!("#/today/{day}"), "today"),
            (format!("#/inspection/{id}"), "inspection"),
            ("#/sync".to_owned(), "sync"),
            ("#/access".to_owned(), "access"),
        ];
        // In strong light: every text stands out from its ground by 7 to 1.
        window.wait_for("result-dialog", false)?;
        for (address, screen) in &screens {
            go(window, address, screen)?;
            for theme in ["light", "dark", "contrast"] {
                window.theme(theme)?;
                let faint = faint(window)?;
                ensure!(
                    faint.is_empty(),
                    "on {screen}, {theme}, too little contrast: {faint:?}"
                );
            }
            window.theme("light")?;
        }

        // At 200 % on the smallest screen half as many points are left: nothing may be cut off sideways.
        window.resize((683, 480))?;
        for (language, (address, screen)) in ["en", "en-XA", "ar-XB"]
            .iter()
            .flat_map(|language| screens.iter().map(move |screen| (language, screen)))
        {
            window.speak(language)?;
            go(window, address, screen)?;
            eventually(&format!("{screen} to fit in {language}"), || {
                let over = window.script(
                    "const page = document.scrollingElement; const main = document.querySelector('main');
                     return [page.scrollWidth - page.clientWidth, main.scrollWidth - main.clientWidth, innerWidth]",
                    vec![],
                )?;
                let fits = over[0].as_i64() <= Some(0)
                    && over[1].as_i64() <= Some(0)
                    && over[2].as_i64() <= Some(683);
                ensure!(fits, "it is wider by {over}");
                Ok(())
            })?;
            window
                .passes_axe()
                .with_context(|| format!("at 200 %, on {screen}, in {language}"))?;
        }
        window.speak("en")?;
        // For fingers: nothing that is pressed is smaller than 24 points, and the checklist's answers reach 44.
        let small = window.script(
            "return [...document.querySelectorAll('button, a.button, select')].filter((one) => one.offsetParent !== null)
               .map((one) => [one.textContent, one.getBoundingClientRect()])
               .filter(([, box]) => box.width > 0 && (box.width < 24 || box.height < 24)).map(([text]) => text)",
            vec![],
        )?;
        ensure!(small == json!([]), "too small for a finger: {small}");
        window.resize(bailiwick_tests::window::SIZES[0])
    })
}
