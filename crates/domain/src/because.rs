//! A reason, in words.

use policy::Denial;

/// The longest reason, in characters.
pub const BECAUSE_MAX: usize = 500;

/// The reason without the space around it; nothing and too much are refused.
pub(crate) fn because(text: &str) -> Result<String, Denial> {
    let text = text.trim();
    match text.chars().count() {
        0 => Err(Denial::invalid("because", "empty", "the reason, in words")),
        1..=BECAUSE_MAX => Ok(text.to_owned()),
        length => Err(Denial::invalid(
            "because",
            format!("{length} characters"),
            "at most 500",
        )),
    }
}
