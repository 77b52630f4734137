//! Civil time in the municipality's zone, from an instant that somebody else read off a clock.

use chrono::{DateTime, Duration, NaiveDate, NaiveTime, TimeZone as _, Timelike as _};
use chrono_tz::Tz;
use policy::Millis;

/// The civil day and the minute of that day at an instant. An unknown zone counts as UTC.
pub fn local(at: Millis, zone: &str) -> (NaiveDate, u16) {
    let zone: Tz = zone.parse().unwrap_or(Tz::UTC);
    let utc = DateTime::from_timestamp_millis(at).unwrap_or_default();
    let local = utc.with_timezone(&zone);
    let minute = u16::try_from(local.hour() * 60 + local.minute()).unwrap_or_default();
    (local.date_naive(), minute)
}

/// An instant as people in that zone would say it: `2026-11-23 10:42`.
pub fn said(at: Millis, zone: &str) -> String {
    let (day, minute) = local(at, zone);
    format!("{day} {}", clock(minute))
}

/// The instant of a minute of a civil day in a zone. A minute the zone skips counts as the next one it has.
pub fn instant(day: NaiveDate, minute: u16, zone: &str) -> Millis {
    let zone: Tz = zone.parse().unwrap_or(Tz::UTC);
    let civil = day.and_time(NaiveTime::MIN) + Duration::minutes(i64::from(minute));
    let local = zone.from_local_datetime(&civil).earliest();
    let local = local.or_else(|| zone.from_local_datetime(&(civil + Duration::hours(1))).earliest());
    local.map_or_else(
        || civil.and_utc().timestamp_millis(),
        |local| local.timestamp_millis(),
    )
}

/// A minute of the day as `08:30`.
pub fn clock(minute: u16) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_is_said_in_the_zone() {
        assert_eq!(said(1_790_000_000_000, "America/Montevideo"), "2026-09-21 11:13");
        assert_eq!(said(1_790_000_000_000, "UTC"), "2026-09-21 14:13");
        assert_eq!(said(1_790_000_000_000, "Nowhere/Land"), "2026-09-21 14:13");
    }
}
