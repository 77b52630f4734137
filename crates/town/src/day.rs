//! Civil days, counted without a clock or a time zone.

use std::fmt;

use anyhow::{Context as _, ensure};

/// A day of the Gregorian calendar, as days since 1970-01-01.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Day(i64);

impl Day {
    /// Reads `YYYY-MM-DD`.
    pub(crate) fn parse(text: &str) -> anyhow::Result<Day> {
        let numbers: Vec<i64> = text.split('-').map_while(|part| part.parse().ok()).collect();
        let [year, month, day] = numbers[..] else {
            anyhow::bail!("the first day {text:?} is not of the form YYYY-MM-DD");
        };
        ensure!(
            (1..=12).contains(&month) && (1..=31).contains(&day),
            "{text:?} is not a day of the calendar"
        );
        let parsed = Day::from_civil(year, month, day);
        let same = parsed.to_string() == text;
        same.then_some(parsed)
            .with_context(|| format!("{text:?} is not a day of the calendar"))
    }

    /// The day `count` days later, or earlier when negative.
    pub(crate) fn plus(self, count: i64) -> Day {
        Day(self.0 + count)
    }

    /// Its year.
    pub(crate) fn year(self) -> i64 {
        self.civil().0
    }

    /// The `count` working days that follow, nearest first; with a negative count those before, nearest first.
    pub(crate) fn working_days(self, count: i64) -> Vec<Day> {
        let step = count.signum();
        let days = (1..)
            .map(|distance| self.plus(step * distance))
            .filter(|day| day.is_working());
        days.take(count.unsigned_abs() as usize).collect()
    }

    fn is_working(self) -> bool {
        // Day 0 was a Thursday, so 0 to 4 are Monday to Friday.
        (self.0 + 3).rem_euclid(7) < 5
    }

    fn from_civil(year: i64, month: i64, day: i64) -> Day {
        let year = if month <= 2 { year - 1 } else { year };
        let era = year.div_euclid(400);
        let year_of_era = year.rem_euclid(400);
        let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
        let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
        Day(era * 146_097 + day_of_era - 719_468)
    }

    fn civil(self) -> (i64, i64, i64) {
        let shifted = self.0 + 719_468;
        let era = shifted.div_euclid(146_097);
        let day_of_era = shifted.rem_euclid(146_097);
        let year_of_era =
            (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted_month = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
        let month = if shifted_month < 10 {
            shifted_month + 3
        } else {
            shifted_month - 9
        };
        (year_of_era + era * 400 + i64::from(month <= 2), month, day)
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.civil();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_counted_and_written() -> anyhow::Result<()> {
        let thursday = Day::parse("2026-11-05")?;
        assert_eq!(thursday.plus(30).to_string(), "2026-12-05");
        let after: Vec<_> = thursday.working_days(3).iter().map(Day::to_string).collect();
        assert_eq!(after, ["2026-11-06", "2026-11-09", "2026-11-10"]);
        let before: Vec<_> = thursday.working_days(-4).iter().map(Day::to_string).collect();
        assert_eq!(before, ["2026-11-04", "2026-11-03", "2026-11-02", "2026-10-30"]);
        assert_eq!(Day::parse("2024-02-29")?.plus(1).to_string(), "2024-03-01");
        Ok(())
    }

    #[test]
    fn what_is_not_a_day_is_refused() {
        for text in ["2026-02-29", "2026-13-01", "5 Nov", "2026-11", ""] {
            assert!(Day::parse(text).is_err(), "{text}");
        }
    }
}
