//! A real window: the application itself, driven as a person would.

use crate::wait::until;
use crate::{desktop, program, root};
use anyhow::{Context as _, Result, bail, ensure};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;
use thirtyfour::{By, Capabilities, Key, WebDriver, WebElement};
use tokio::runtime::Runtime;

/// How long a window is waited for.
const PATIENCE: Duration = Duration::from_secs(30);

/// An open window; it closes with this value.
pub struct Window {
    runtime: Arc<Runtime>,
    driver: Option<WebDriver>,
    helper: Child,
    profile: PathBuf,
}

/// The sizes every screen is looked at in.
pub const SIZES: [(u32, u32); 2] = [(1366, 768), (1920, 1080)];

impl Window {
    /// Opens the application on a profile folder.
    pub fn open(profile: &Path) -> Result<Window> {
        Window::open_with(profile, &[])
    }

    /// The same, with variables in its environment.
    pub fn open_with(profile: &Path, environment: &[(&str, &str)]) -> Result<Window> {
        let tools =
            std::env::var_os("BAILIWICK_TOOLS").map_or_else(|| root().join("target/tools/bin"), Into::into);
        let [port, native_port] = free_ports()?;
        let helper = Command::new(tools.join("tauri-driver"))
            .args([
                "--port",
                &port.to_string(),
                "--native-port",
                &native_port.to_string(),
            ])
            .env("BAILIWICK_PROFILE", profile)
            // The window speaks as the computer does, and this one speaks English.
            .env("LANG", "C.UTF-8")
            .env_remove("LANGUAGE")
            .env_remove("LC_ALL")
            .env_remove("LC_MESSAGES")
            .envs(environment.iter().copied())
            .stdout(Stdio::null())
            .spawn()
            .context("tauri-driver does not start; run `cargo xtask setup`")?;
        let runtime = Arc::new(
            tokio::runtime::Builder::new_multi_thread()
                .worker_threads(1)
                .enable_all()
                .build()?,
        );
        let mut window = Window {
            runtime,
            driver: None,
            helper,
            profile: profile.to_owned(),
        };
        let address = format!("http://127.0.0.1:{port}");
        until("the driver", PATIENCE, || {
            let up = std::net::TcpStream::connect(("127.0.0.1", native_port)).is_ok();
            Ok(up.then_some(()))
        })?;
        let mut wanted = Capabilities::new();
        wanted.set("browserName".to_owned(), json!("wry"))?;
        wanted.set(
            "tauri:options".to_owned(),
            json!({ "application": program("bailiwick")? }),
        )?;
        let driver = window.runtime.block_on(WebDriver::new(&address, wanted));
        window.driver = Some(driver.context("the window does not open")?);
        window.resize(SIZES[0])?;
        until("the first screen", PATIENCE, || {
            Ok(window.screen()?.filter(|screen| screen != "starting"))
        })?;
        Ok(window)
    }

    fn driver(&self) -> Result<&WebDriver> {
        self.driver.as_ref().context("the window is closed")
    }

    /// Runs a script in the page.
    pub fn script(&self, script: &str, args: Vec<Value>) -> Result<Value> {
        let driver = self.driver()?;
        Ok(self
            .runtime
            .block_on(driver.execute(script.to_owned(), args))?
            .json()
            .clone())
    }

    /// Runs a script that calls its last argument when it is done.
    pub fn script_later(&self, script: &str, args: Vec<Value>) -> Result<Value> {
        let driver = self.driver()?;
        Ok(self
            .runtime
            .block_on(driver.execute_async(script.to_owned(), args))?
            .json()
            .clone())
    }

    /// The screen that is shown, by its name.
    pub fn screen(&self) -> Result<Option<String>> {
        let name = self.script(
            "return document.querySelector('[data-screen]')?.dataset.screen ?? null",
            vec![],
        )?;
        Ok(name.as_str().map(str::to_owned))
    }

    /// Waits for a screen.
    pub fn wait_for_screen(&self, name: &str) -> Result<Duration> {
        let what = format!("the screen {name}");
        Ok(until(&what, PATIENCE, || {
            Ok((self.screen()?.as_deref() == Some(name)).then_some(()))
        })?
        .1)
    }

    fn element(&self, css: &str) -> Result<WebElement> {
        let driver = self.driver()?;
        let find = || Ok(self.runtime.block_on(driver.find(By::Css(css.to_owned()))).ok());
        let (element, _) = until(css, PATIENCE, find)?;
        Ok(element)
    }

    /// Whether something is on the page.
    pub fn has(&self, id: &str) -> Result<bool> {
        Ok(self
            .script(
                "return !!document.querySelector(arguments[0])",
                vec![json!(test_id(id))],
            )?
            .as_bool()
            == Some(true))
    }

    /// Waits until something is on the page, or no longer is.
    pub fn wait_for(&self, id: &str, there: bool) -> Result<Duration> {
        let what = format!("{id} to be {}", if there { "there" } else { "gone" });
        Ok(until(&what, PATIENCE, || Ok((self.has(id)? == there).then_some(())))?.1)
    }

    /// Clicks something, by its test id.
    pub fn click(&self, id: &str) -> Result<()> {
        let click = || {
            let element = self.element(&test_id(id))?;
            self.runtime.block_on(element.scroll_into_view())?;
            self.runtime.block_on(element.click())?;
            Ok(Some(()))
        };
        until(&format!("a click on {id}"), PATIENCE, click)?;
        Ok(())
    }

    /// Replaces the text of a field.
    pub fn fill(&self, id: &str, text: &str) -> Result<()> {
        let fill = || {
            let element = self.element(&test_id(id))?;
            self.runtime.block_on(element.clear())?;
            self.runtime.block_on(element.send_keys(text))?;
            Ok(Some(()))
        };
        until(&format!("{id} to take a text"), PATIENCE, fill)?;
        Ok(())
    }

    /// Presses keys where the focus is.
    pub fn press(&self, keys: &str) -> Result<()> {
        let driver = self.driver()?;
        Ok(self
            .runtime
            .block_on(driver.action_chain().send_keys(keys).perform())?)
    }

    /// Presses a key with Control held.
    pub fn press_with_control(&self, keys: &str) -> Result<()> {
        let driver = self.driver()?;
        let chain = driver
            .action_chain()
            .key_down(Key::Control)
            .send_keys(keys)
            .key_up(Key::Control);
        Ok(self.runtime.block_on(chain.perform())?)
    }

    /// The text of something.
    pub fn text(&self, id: &str) -> Result<String> {
        let text = self.script(
            "return document.querySelector(arguments[0])?.textContent ?? null",
            vec![json!(test_id(id))],
        )?;
        text.as_str()
            .map(str::to_owned)
            .with_context(|| format!("{id} is not on the page"))
    }

    /// An attribute of something.
    pub fn attribute(&self, id: &str, name: &str) -> Result<Option<String>> {
        let script = "return document.querySelector(arguments[0])?.getAttribute(arguments[1]) ?? null";
        Ok(self
            .script(script, vec![json!(test_id(id)), json!(name)])?
            .as_str()
            .map(str::to_owned))
    }

    /// Puts a file into a file field, as the file dialog would.
    pub fn choose_file(&self, id: &str, name: &str, media_type: &str, base64: &str) -> Result<()> {
        let script = "const field = document.querySelector(arguments[0]);
            const bytes = Uint8Array.from(atob(arguments[3]), (c) => c.charCodeAt(0));
            const files = new DataTransfer();
            files.items.add(new File([bytes], arguments[1], { type: arguments[2] }));
            field.files = files.files;
            field.dispatchEvent(new Event('change', { bubbles: true }));
            return true";
        until(id, PATIENCE, || Ok(self.exists(&test_id(id))?.then_some(())))?;
        self.script(
            script,
            vec![json!(test_id(id)), json!(name), json!(media_type), json!(base64)],
        )?;
        Ok(())
    }

    fn exists(&self, css: &str) -> Result<bool> {
        Ok(self.script("return !!document.querySelector(arguments[0])", vec![json!(css)])? == json!(true))
    }

    /// Signs in from the first screen.
    pub fn sign_in(&self, server: &str, username: &str, password: &str) -> Result<()> {
        self.wait_for_screen("sign-in")?;
        self.fill("server", server)?;
        self.fill("username", username)?;
        self.fill("password", password)?;
        self.click("sign-in")
    }

    /// Asks the native side, as the page does.
    pub fn call(&self, command: &str, args: Value) -> Result<Value> {
        let script = "const done = arguments[arguments.length - 1];
            window.__TAURI_INTERNALS__.invoke(arguments[0], arguments[1] === null ? {} : { args: arguments[1] })
              .then((value) => done({ ok: value }), (error) => done({ error }))";
        let answer = self.script_later(script, vec![json!(command), args])?;
        if let Some(error) = answer.get("error") {
            bail!("{command}: {error}");
        }
        Ok(answer["ok"].clone())
    }

    /// Makes the window this large.
    pub fn resize(&self, (width, height): (u32, u32)) -> Result<()> {
        let driver = self.driver()?;
        Ok(self
            .runtime
            .block_on(driver.set_window_rect(0, 0, width, height))?)
    }

    /// Shows the page in light or dark, as choosing it in the menu would.
    pub fn theme(&self, theme: &str) -> Result<()> {
        let script = "localStorage.setItem('theme', arguments[0]);
            window.dispatchEvent(new StorageEvent('storage', { key: 'theme' }))";
        self.script(script, vec![json!(theme)])?;
        Ok(())
    }

    /// Shows the page in a language, as choosing it in the menu would; `en-XA` and `ar-XB` are in no menu.
    pub fn speak(&self, language: &str) -> Result<()> {
        let script = "localStorage.setItem('language', arguments[0]);
            window.dispatchEvent(new StorageEvent('storage', { key: 'language' }))";
        self.script(script, vec![json!(language)])?;
        self.wait_for_language(language)
    }

    /// Waits until the page is in a language.
    pub fn wait_for_language(&self, language: &str) -> Result<()> {
        until(&format!("the language {language}"), PATIENCE, || {
            let spoken = self.script("return document.documentElement.lang", vec![])?;
            Ok((spoken == json!(language)).then_some(()))
        })?;
        Ok(())
    }

    /// Waits until a map on the page, where there is one, has drawn its streets.
    fn wait_for_streets(&self) -> Result<()> {
        let drawn = "const map = document.querySelector('.map-canvas');
            return !map || map.dataset.drawn === 'streets'";
        let ask = || Ok((self.script(drawn, vec![])? == json!(true)).then_some(()));
        // A laptop without a basemap still has a screen worth a picture.
        let _ = until("the streets", Duration::from_secs(6), ask);
        Ok(())
    }

    /// Leaves a picture of the window.
    pub fn picture(&self, path: &Path) -> Result<()> {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        let driver = self.driver()?;
        let png = self.runtime.block_on(driver.screenshot_as_png())?;
        Ok(std::fs::write(path, png)?)
    }

    /// Leaves pictures of the screen in both sizes and both themes.
    pub fn pictures(&self, folder: &Path, screen: &str) -> Result<()> {
        for (width, height) in SIZES {
            self.resize((width, height))?;
            for theme in ["light", "dark"] {
                self.theme(theme)?;
                self.wait_for_streets()?;
                // Two frames, so that the new size and theme are drawn.
                self.script_later("const done = arguments[0]; requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => done(1), 250)))", vec![])?;
                self.picture(&folder.join(format!("{screen}-{width}x{height}-{theme}.png")))?;
            }
        }
        self.theme("light")?;
        self.resize(SIZES[0])
    }

    /// Fails with what axe finds wrong with the page.
    pub fn passes_axe(&self) -> Result<()> {
        let found = self.axe()?;
        ensure!(found.is_empty(), "axe finds:\n{}", found.join("\n"));
        Ok(())
    }

    /// What axe finds wrong with the page, once nothing on it moves: colours fade from one theme to the other, and
    /// dialogs fade in.
    pub fn axe(&self) -> Result<Vec<String>> {
        let source = std::fs::read_to_string(root().join("ui/node_modules/axe-core/axe.min.js"))
            .context("axe-core is missing; run `cargo xtask setup`")?;
        self.script(&format!("if (!window.axe) {{ {source} }}"), vec![])?;
        let script = "const done = arguments[arguments.length - 1];
            requestAnimationFrame(() => Promise.allSettled(document.getAnimations()
              .filter((one) => one.effect.getComputedTiming().endTime !== Infinity).map((one) => one.finished))
            .then(() => axe.run(document, { resultTypes: ['violations'] })).then((found) => done(found.violations.map((v) =>
              v.id + ': ' + v.help + ' — ' + v.nodes.map((n) => n.html.slice(0, 160)).slice(0, 3).join(' | '))),
              (error) => done(['axe failed: ' + error])))";
        let found = self.script_later(script, vec![])?;
        let list = found.as_array().context("axe gave no list")?;
        Ok(list
            .iter()
            .filter_map(|line| line.as_str().map(str::to_owned))
            .collect())
    }

    /// Drags the middle of something onto the middle of something else, as a mouse does.
    pub fn drag(&self, from: &str, to: &str) -> Result<()> {
        let (from, to) = (self.element(&test_id(from))?, self.element(&test_id(to))?);
        let driver = self.driver()?;
        let chain = driver
            .action_chain()
            .move_to_element_center(&from)
            .click_and_hold()
            .move_by_offset(0, 12)
            .move_to_element_center(&to)
            .release();
        Ok(self.runtime.block_on(chain.perform())?)
    }

    /// The process of the application itself.
    pub fn application(&self) -> Result<u32> {
        applications(&self.profile)?
            .first()
            .copied()
            .context("the application does not run")
    }

    /// The process that carries what a test does to the window.
    pub fn helper(&self) -> u32 {
        self.helper.id()
    }

    /// Ends the application at once, as a power cut would.
    pub fn kill(self) -> Result<()> {
        let application = self.application()?;
        let killed = Command::new("kill")
            .args(["-9", &application.to_string()])
            .status()?;
        anyhow::ensure!(killed.success(), "the application could not be killed");
        self.wait_until_gone()
    }

    fn wait_until_gone(&self) -> Result<()> {
        until("the application to be gone", PATIENCE, || {
            Ok(applications(&self.profile)?.is_empty().then_some(()))
        })?;
        Ok(())
    }

    /// Closes the window as its person would, and waits until the application has ended.
    pub fn close(self) -> Result<()> {
        let application = self.application()?;
        until("a window to close", PATIENCE, || {
            desktop::close_windows_of(application)
        })?;
        self.wait_until_gone()
    }
}

impl Drop for Window {
    fn drop(&mut self) {
        if let Some(driver) = self.driver.take() {
            let _ = self.runtime.block_on(driver.quit());
        }
        // Asked to end, the helper takes the driver it started along; killed, it would leave it behind.
        let asked = Command::new("kill").arg(self.helper.id().to_string()).status();
        if asked.is_ok_and(|asked| asked.success()) {
            let _ = until("the helper to end", PATIENCE, || Ok(self.helper.try_wait()?));
        }
        let _ = self.helper.kill();
        let _ = self.helper.wait();
        // The driver ends the application, but not one whose page was gone before it could.
        for left in applications(&self.profile).unwrap_or_default() {
            let _ = Command::new("kill").args(["-9", &left.to_string()]).status();
        }
    }
}

/// The applications that run on a profile folder.
pub fn applications(profile: &Path) -> Result<Vec<u32>> {
    let program = program("bailiwick")?.canonicalize()?.display().to_string();
    let variable = format!("BAILIWICK_PROFILE={}", profile.display());
    let mut found = Vec::new();
    for entry in std::fs::read_dir("/proc")?.flatten() {
        let Some(process) = entry
            .file_name()
            .to_str()
            .and_then(|name| name.parse::<u32>().ok())
        else {
            continue;
        };
        let Ok(executable) = std::fs::read_link(entry.path().join("exe")) else {
            continue;
        };
        // Linux marks a program whose file was built anew while it ran.
        let is_ours = executable.to_string_lossy().trim_end_matches(" (deleted)") == program;
        let environment = std::fs::read(entry.path().join("environ")).unwrap_or_default();
        if is_ours
            && environment
                .split(|byte| *byte == 0)
                .any(|set| set == variable.as_bytes())
        {
            found.push(process);
        }
    }
    Ok(found)
}

fn test_id(id: &str) -> String {
    format!("[data-testid=\"{id}\"]")
}

/// Two ports nobody has. Both are held until both are known, or the second could be the first again.
fn free_ports() -> Result<[u16; 2]> {
    let held = [
        std::net::TcpListener::bind("127.0.0.1:0")?,
        std::net::TcpListener::bind("127.0.0.1:0")?,
    ];
    Ok([held[0].local_addr()?.port(), held[1].local_addr()?.port()])
}
