//! Fits the visits of one inspector into one working day.

use crate::chance::Chance;

/// When the first visit may begin: 08:30.
pub(crate) const DAY_FROM_MINUTE: u32 = 8 * 60 + 30;
/// When the last must have ended: 16:30.
pub(crate) const DAY_TO_MINUTE: u32 = 16 * 60 + 30;
/// The least time between two visits, for the way.
const TRAVEL_MINUTES: u32 = 10;

/// How many of these durations, in order, fit into a day with the way between them.
pub(crate) fn fitting(durations: &[u32]) -> usize {
    let mut end = DAY_FROM_MINUTE;
    let fits = durations.iter().take_while(|duration| {
        end += **duration;
        let fits = end <= DAY_TO_MINUTE;
        end += TRAVEL_MINUTES;
        fits
    });
    fits.count()
}

/// Windows for durations that fit, with the time left over spread between them in steps of five minutes.
pub(crate) fn windows(durations: &[u32], chance: &mut Chance) -> Vec<(u32, u32)> {
    let ways = TRAVEL_MINUTES * durations.len().saturating_sub(1) as u32;
    let spare_steps =
        (DAY_TO_MINUTE - DAY_FROM_MINUTE).saturating_sub(durations.iter().sum::<u32>() + ways) / 5;
    let mut starts_after: Vec<u32> = durations
        .iter()
        .map(|_| 5 * chance.between(0, spare_steps))
        .collect();
    starts_after.sort_unstable();
    let mut busy = DAY_FROM_MINUTE;
    let placed = durations.iter().zip(starts_after).map(|(duration, spare)| {
        let from = busy + spare;
        busy += duration + TRAVEL_MINUTES;
        (from, from + duration)
    });
    placed.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn visits_stay_within_the_day_and_leave_time_for_the_way() {
        let durations = [60, 45, 30, 60, 60, 45, 60, 60];
        let count = fitting(&durations);
        assert_eq!(count, 7);
        for seed in 0..200 {
            let windows = windows(&durations[..count], &mut Chance::about("test", seed));
            assert!(
                windows[0].0 >= DAY_FROM_MINUTE && windows[count - 1].1 <= DAY_TO_MINUTE,
                "{seed}: {windows:?}"
            );
            assert!(
                windows
                    .windows(2)
                    .all(|pair| pair[0].1 + TRAVEL_MINUTES <= pair[1].0),
                "{seed}: {windows:?}"
            );
        }
    }
}
