//! Pictures of every screen, in both sizes and both themes.

use anyhow::Result;
use bailiwick_tests::office::{OfficeProcess, PASSWORD};
use bailiwick_tests::window::Window;
use serde_json::json;
use std::path::Path;

/// Goes to a screen by its address and leaves pictures of it.
pub fn take(window: &Window, folder: &Path, address: &str, screen: &str, name: &str) -> Result<()> {
    window.script("location.hash = arguments[0]", vec![json!(address)])?;
    window.wait_for_screen(screen)?;
    window.pictures(folder, name)
}

/// The screens of somebody whose window is locked, has no role, or whose sign-in the office has ended.
pub fn of_the_shut_out(window: &Window, office: &OfficeProcess, server: &str, folder: &Path) -> Result<()> {
    window.click("lock")?;
    window.wait_for_screen("lock")?;
    window.pictures(folder, "lock")?;
    window.click("switch-user")?;
    window.sign_in(server, "nadia", PASSWORD)?;
    window.wait_for_screen("today")?;
    window.wait_for("no-role", true)?;
    window.pictures(folder, "no-role")?;
    take(window, folder, "#/access", "access", "access-without-a-role")?;
    office.administrator(&["user", "off", "nadia"])?;
    window.wait_for_screen("lease")?;
    window.pictures(folder, "lease")
}
