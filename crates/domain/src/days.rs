//! A span of days that somebody asks for, from its first to its last.

use crate::command::Context;
use crate::time;
use chrono::{Days, NaiveDate};
use policy::Denial;

/// How far ahead a span may end, in days. What is tried out lies further ahead, where nothing can stand against it.
pub const AHEAD_MAX: u64 = 731;

/// Refuses a span that is past, ends before it begins, is too long or too far ahead.
pub(crate) fn span(
    context: Context<'_>,
    (from_day, until_day): (NaiveDate, NaiveDate),
    days_max: u64,
) -> Result<(), Denial> {
    let today = time::local(context.at, context.zone()).0;
    if from_day < today {
        return Err(Denial::invalid("from_day", from_day, "today or a later day"));
    }
    if until_day < from_day {
        return Err(Denial::invalid(
            "until_day",
            until_day,
            "the first day or a later one",
        ));
    }
    let within = |begin: NaiveDate, days: u64| {
        begin
            .checked_add_days(Days::new(days))
            .is_none_or(|end| until_day < end)
    };
    if !within(from_day, days_max) {
        let accepted = format!("at most {days_max} days, the first and the last among them");
        return Err(Denial::invalid("until_day", until_day, &accepted));
    }
    if !within(today, AHEAD_MAX + 1) {
        return Err(Denial::invalid("until_day", until_day, "a day within two years"));
    }
    Ok(())
}
