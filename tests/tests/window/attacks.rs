//! The window under attack: text that would be a program, and commands that nobody's page would send.

use crate::town::*;
use anyhow::{Context as _, Result, ensure};
use bailiwick_tests::window::Window;
use serde_json::{Value, json};

/// Texts that run where a page takes them for more than text. Each that did would say so in `window.__ran`.
const HOSTILE: [&str; 8] = [
    "<script>window.__ran = 1</script>",
    "<img src=x onerror=\"window.__ran = 2\">",
    "\"><svg/onload=window.__ran=3>",
    "<iframe srcdoc=\"<script>parent.__ran = 4</script>\"></iframe>",
    "javascript:/*--></title></style></textarea><svg/onload='window.__ran=5'>",
    "{{constructor.constructor('window.__ran=6')()}}${window.__ran=7}",
    "<a href=\"javascript:window.__ran=8\">Open</a>",
    "\u{202e}gpj.exe\u{202c} <details open ontoggle=window.__ran=9>",
];

/// The commands the native side has, from where it registers them.
fn commands() -> Result<Vec<String>> {
    let source = include_str!("../../../src-tauri/src/main.rs");
    let list = source
        .split("generate_handler![")
        .nth(1)
        .and_then(|rest| rest.split(']').next());
    let names = list.context("no list of commands")?.split(',');
    Ok(names
        .filter_map(|name| name.trim().rsplit("::").next().map(str::to_owned))
        .filter(|name| !name.is_empty())
        .collect())
}

/// Nothing of what was typed has run, nor stands on the page as anything but text.
fn nothing_ran(window: &Window, screen: &str) -> Result<()> {
    let script = "return { ran: window.__ran ?? null,
        made: document.querySelectorAll('#root iframe, #root script, #root details[ontoggle], #root [onerror], #root [onload], #root a[href^=\"javascript\"]').length }";
    let seen = window.script(script, vec![])?;
    ensure!(seen == json!({ "ran": null, "made": 0 }), "on {screen}: {seen}");
    Ok(())
}

#[test]
fn att_12_text_that_would_be_a_program_is_shown_as_text_on_every_screen() -> Result<()> {
    let office = office("hostile")?;
    let ana = Laptop::of("hostile", &office, "ana")?;
    let window = &ana.window;
    let day = later_days(&office, ANA)?.into_iter().next().context("no day")?;
    let (id, _) = visits(&office, ANA, &day)?
        .into_iter()
        .next()
        .context("no visit")?;
    ana.offline()?;
    for (index, text) in HOSTILE.iter().enumerate() {
        let input = json!({ "appointment": id, "note": format!("hostile-{index}"), "text": text });
        window.call(
            "submit",
            json!({ "command": { "name": "add_note", "input": input } }),
        )?;
    }
    let screens = [
        (format!("#/inspection/{id}"), "inspection"),
        (format!("#/today/{day}"), "today"),
        ("#/week".to_owned(), "week"),
        ("#/sync".to_owned(), "sync"),
        ("#/access".to_owned(), "access"),
    ];
    // What waits to be sent, and then what the office has taken.
    for connected in [false, true] {
        if connected {
            ana.online()?;
            ana.waits(0)?;
        }
        for (address, screen) in &screens {
            go(window, address, screen)?;
            nothing_ran(window, screen)?;
        }
        open_visit(window, &office, &id)?;
        for text in HOSTILE {
            let shown = texts(window, "main")?.join("");
            ensure!(
                shown.contains(text.trim_matches(['\u{202e}', '\u{202c}'])) || shown.contains(text),
                "`{text}` is not shown as it was typed"
            );
        }
        nothing_ran(window, "inspection")?;
    }
    for text in HOSTILE {
        search(window, text)?;
        nothing_ran(window, "the palette")?;
        window.press("\u{e00c}")?;
        window.wait_for("palette", false)?;
    }
    Ok(())
}

/// Small numbers one after the other, the same in each run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }

    fn value(&mut self, depth: u64) -> Value {
        const NAMES: [&str; 10] = [
            "id", "command", "name", "input", "hash", "text", "kind", "index", "from", "password",
        ];
        match self.below(if depth == 0 { 7 } else { 10 }) {
            0 => Value::Null,
            1 => json!(self.below(2) == 0),
            2 => json!(self.below(u64::MAX)),
            3 => json!(-1.5e300),
            4 => json!("\u{0}\u{202e}'; DROP TABLE record; --"),
            5 => json!("x".repeat(10_000)),
            6 => json!(NAMES[self.below(10) as usize]),
            7 => (0..self.below(4)).map(|_| self.value(depth - 1)).collect(),
            _ => {
                let fields = (0..1 + self.below(3)).map(|_| {
                    let name = NAMES[self.below(10) as usize].to_owned();
                    (name, self.value(depth - 1))
                });
                Value::Object(fields.collect())
            }
        }
    }
}

#[test]
fn att_16_a_command_with_nonsense_is_refused_and_changes_nothing() -> Result<()> {
    let office = office("nonsense")?;
    let ana = Laptop::of("nonsense", &office, "ana")?;
    let window = &ana.window;
    let before = [
        window.call("outbox", json!({}))?,
        window.call("holdings", json!({}))?,
    ];
    let mut dice = Dice(0x2545_f491_4f6c_dd1d);
    let mut refused = 0;
    let takes_nothing = |name: &str| {
        // These do what they are for, whatever is sent with them.
        [
            "lock",
            "sync_now",
            "hurry_photos",
            "seen_receipt",
            "install_newer",
            "newer_version",
        ]
        .contains(&name)
    };
    let all = commands()?;
    ensure!(all.len() > 30, "only {} commands were found", all.len());
    for name in all.iter().filter(|name| !takes_nothing(name)) {
        for _ in 0..10 {
            let args = dice.value(3);
            refused += usize::from(window.call(name, args).is_err());
        }
        ensure!(
            window.call("status", json!({}))?["person"] != Value::Null,
            "after {name} nobody is signed in"
        );
    }
    ensure!(window.call("no_such_command", json!({})).is_err());
    ensure!(refused > 150, "only {refused} were refused");
    let after = [
        window.call("outbox", json!({}))?,
        window.call("holdings", json!({}))?,
    ];
    ensure!(before[0] == after[0], "something waits to be sent: {}", after[0]);
    ensure!(before[1]["views"] == after[1]["views"], "another thing is held");
    // A page that is not the application's cannot be shown, so it cannot ask either.
    let add = "const frame = document.createElement('iframe'); frame.src = 'data:text/html,<p>there</p>'; document.body.append(frame)";
    window.script(add, vec![])?;
    let shown = "try { return window[0].document.body?.innerHTML ?? '' } catch { return 'another page' }";
    std::thread::sleep(std::time::Duration::from_millis(500));
    eventually("a frame to stay empty", || {
        let shown = window.script(shown, vec![])?;
        ensure!(shown == json!(""), "it shows {shown}");
        Ok(())
    })?;
    window.script("location.href = 'https://office.example/'", vec![])?;
    ensure!(
        window.call("status", json!({}))?["person"] != Value::Null,
        "the window went elsewhere"
    );
    Ok(())
}
