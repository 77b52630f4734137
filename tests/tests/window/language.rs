//! The window in another language: chosen, kept, and every word of it said.

use crate::town::*;
use anyhow::{Context as _, Result, ensure};
use bailiwick_tests::office::PASSWORD;
use bailiwick_tests::window::Window;
use serde_json::json;

/// Words of the window on the page that came through no catalogue. In the pseudo-locale each word of a catalogue has
/// accents in it, so a word of plain letters is one that was left out. What a record or a rule says is marked as such.
fn unaccented(window: &Window) -> Result<Vec<String>> {
    let script = r"
        const theirs = '[translate=no], [lang=en], script, style, option, .maplibregl-ctrl';
        const shown = (one) => one.checkVisibility({ visibilityProperty: true });
        const found = [];
        const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
        for (let node = walker.nextNode(); node; node = walker.nextNode()) {
          const plain = node.data.match(/(?<![\p{L}\p{M}])[A-Za-z]{3,}(?![\p{L}\p{M}])/gu);
          if (plain && !node.parentElement.closest(theirs) && shown(node.parentElement)) found.push(node.data.trim());
        }
        for (const name of ['aria-label', 'title', 'placeholder', 'alt']) {
          for (const one of document.querySelectorAll(`[${name}]`)) {
            // Keys are called what is written on them.
            const words = one.getAttribute(name).replaceAll(/\b(Alt|Ctrl|Escape)\b/g, '');
            if (/[A-Za-z]{3}/.test(words) && !/[^\x00-\x7f]/.test(words) && !one.closest(theirs)) found.push(`${name}: ${words}`);
          }
        }
        return found";
    strings(&window.script(script, vec![])?)
}

fn all_accented(window: &Window, screen: &str) -> Result<()> {
    eventually(&format!("every word of {screen} to be from a catalogue"), || {
        let found = unaccented(window)?;
        ensure!(found.is_empty(), "these are not: {found:#?}");
        Ok(())
    })
}

#[test]
fn the_language_is_chosen_before_signing_in_and_kept() -> Result<()> {
    let office = office("language")?;
    let ana = Laptop::new("language", &office)?;
    let window = &ana.window;
    window.wait_for_screen("sign-in")?;
    says(window, "main h1", "Sign in")?;
    window.script(
        "const field = document.querySelector('[data-testid=language]');
         Object.getOwnPropertyDescriptor(HTMLSelectElement.prototype, 'value').set.call(field, 'es');
         field.dispatchEvent(new Event('change', { bubbles: true }))",
        vec![],
    )?;
    window.wait_for_language("es")?;
    says(window, "main h1", "Iniciar sesión")?;
    ana.sign_in("ana")?;
    in_spanish(&ana, &office)?;

    let ana = ana.closed_while(|_| Ok(()))?;
    let window = &ana.window;
    window.wait_for("status-line", true)?;
    window.wait_for_language("es")?;
    window.click("lock")?;
    window.wait_for_screen("lock")?;
    says(window, "main h1", "Bloqueada")?;
    window.fill("password", PASSWORD)?;
    window.click("unlock")?;
    window.wait_for("status-line", true)?;
    says(window, "[data-testid=nav-today]", "Hoy")?;

    // Back in the menu; what somebody is writing stays where it is.
    let (id, _) = first_visit(&office)?;
    open_visit(window, &office, &id)?;
    window.fill("note-text", "A medias")?;
    window.click("user-menu")?;
    window.click("language-en")?;
    window.wait_for_language("en")?;
    says(window, "[data-testid=nav-today]", "Today")?;
    let draft = window.script(
        "return document.querySelector('[data-testid=note-text]').value",
        vec![],
    )?;
    ensure!(draft == json!("A medias"), "the draft is {draft}");
    Ok(())
}

fn in_spanish(ana: &Laptop, office: &bailiwick_tests::office::OfficeProcess) -> Result<()> {
    let window = &ana.window;
    let day = later_days(office, ANA)?.into_iter().next().context("no day")?;
    let own = visits(office, ANA, &day)?;
    go_to_day(window, "today", &day, own.len())?;
    says(window, "[data-testid=day]", &format!("{} citas", own.len()))?;
    let months = "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre";
    let said = window.text("day")?;
    ensure!(
        months.split(' ').any(|month| said.contains(month)),
        "the day is not said in Spanish: {said}"
    );
    says(window, "[data-testid=status-line]", "En línea · todo enviado")?;
    open_visit(window, office, &own[0].0)?;
    says(window, ".checklist h2", "Lista de verificación")?;
    says(window, "[data-testid=start]", "Iniciar")?;
    go(window, "#/sync", "sync")?;
    says(window, "[data-testid=holdings] h2", "Lo que guarda esta laptop")?;
    says(window, "[data-testid=holdings]", "permisos")?;
    go(window, "#/access", "access")?;
    says(window, "[data-testid=roles] h2", "Roles")?;
    // What the rules say is English, and says that it is.
    let rules = window.script(
        "return document.querySelector('.verb [lang=en]')?.textContent",
        vec![],
    )?;
    ensure!(rules.is_string(), "the rules' words are not marked");
    window.press_with_control("k")?;
    window.fill("search", "bloquear")?;
    window.wait_for("command-lock", true)?;
    window.press("\u{e00c}")?;
    window.wait_for("palette", false)?;
    Ok(())
}

#[test]
fn a_team_is_seen_in_spanish() -> Result<()> {
    shared(|town| {
        let (office, window) = (&town.office, &town.marta.window);
        let day = later_days(office, ANA)?.into_iter().nth(2).context("no day")?;
        window.speak("es")?;
        go(window, &format!("#/team/{day}"), "team")?;
        says(window, "main h1", "Equipo")?;
        says(window, "[data-testid=day]", "inspectores")?;
        says(window, "[data-testid=requests] h2", "Reasignaciones solicitadas")?;
        window.speak("en")
    })
}

#[test]
fn two_people_on_one_laptop_each_keep_their_language() -> Result<()> {
    let office = office("languages")?;
    let laptop = Laptop::of("languages", &office, "ana")?;
    let window = &laptop.window;
    window.click("user-menu")?;
    window.click("language-es")?;
    window.wait_for_language("es")?;
    window.click("lock")?;
    window.wait_for_screen("lock")?;
    window.click("switch-user")?;
    laptop.sign_in("marta")?;
    window.click("user-menu")?;
    window.click("language-en")?;
    window.wait_for_language("en")?;
    window.click("lock")?;
    window.wait_for_screen("lock")?;
    window.click("switch-user")?;
    laptop.sign_in("ana")?;
    window.wait_for_language("es")
}

#[test]
fn every_word_of_every_screen_comes_from_a_catalogue() -> Result<()> {
    shared(|town| {
        let (office, window) = (&town.office, &town.ana.window);
        let day = later_days(office, ANA)?
            .into_iter()
            .nth(3)
            .context("too few days ahead")?;
        let own = visits(office, ANA, &day)?;
        let (id, body) = own.first().context("no visit")?;
        window.speak("en-XA")?;
        go_to_day(window, "today", &day, own.len())?;
        all_accented(window, "today")?;
        go(window, &format!("#/week/{day}"), "week")?;
        window.wait_for("show-week-table", true)?;
        all_accented(window, "week")?;
        window.click("show-week-table")?;
        all_accented(window, "week table")?;
        open_visit(window, office, id)?;
        all_accented(window, "inspection")?;
        window.click("request-reassignment")?;
        window.wait_for("request-dialog", true)?;
        all_accented(window, "request dialog")?;
        window.press("\u{e00c}")?;
        window.wait_for("request-dialog", false)?;
        go(window, &format!("#/permit/{}", words(body, "permit")), "permit")?;
        all_accented(window, "permit")?;
        go(window, "#/sync", "sync")?;
        window.wait_for("holdings", true)?;
        all_accented(window, "sync")?;
        go(window, "#/access", "access")?;
        window.wait_for("place-cal-building", true)?;
        all_accented(window, "access")?;
        window.press_with_control("k")?;
        window.fill("search", "B-2026")?;
        window.wait_for("palette", true)?;
        all_accented(window, "search")?;
        window.press("\u{e00c}")?;
        window.wait_for("palette", false)?;
        window.speak("en")?;

        let window = &town.marta.window;
        window.speak("en-XA")?;
        go(window, &format!("#/team/{day}"), "team")?;
        window.wait_for("requests", true)?;
        let last = own.last().context("no visit")?;
        window.click(&format!("bar-{}", last.0))?;
        window.wait_for("selected", true)?;
        all_accented(window, "team")?;
        window.click("reassign")?;
        window.wait_for(&format!("reassign-to-{BRUNO}"), true)?;
        all_accented(window, "reassign dialog")?;
        window.press("\u{e00c}")?;
        window.wait_for("reassign-dialog", false)?;
        window.click("show-table")?;
        window.wait_for("team-table", true)?;
        all_accented(window, "team table")?;
        window.click("show-map")?;
        window.wait_for("team-map", true)?;
        window.click(&format!("way-{ANA}"))?;
        window.wait_for(&format!("stop-{}", last.0), true)?;
        all_accented(window, "team map")?;
        window.press_with_control("k")?;
        window.wait_for("palette", true)?;
        all_accented(window, "what can be done")?;
        window.press("\u{e00c}")?;
        window.wait_for("palette", false)?;
        window.click("show-timeline")?;
        window.speak("en")
    })
}

#[test]
fn what_is_in_no_catalogue_is_seen() -> Result<()> {
    shared(|town| {
        let window = &town.ana.window;
        window.speak("en-XA")?;
        window.script(
            "document.querySelector('main h1').append(' Forgotten'); document.querySelector('main').title = 'Forgotten'",
            vec![],
        )?;
        let found = unaccented(window)?;
        window.speak("en")?;
        fresh(window)?;
        ensure!(
            found.iter().any(|one| one.ends_with("Forgotten"))
                && found.contains(&"title: Forgotten".to_owned()),
            "it is not: {found:?}"
        );
        Ok(())
    })
}
