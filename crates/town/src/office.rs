//! Deals out the days of one calendar: which inspector goes to which doors, and what is due there.

use crate::catalogue::{CalendarEntry, PermitKind, TypeEntry};
use crate::chance::Chance;
use crate::day::Day;
use crate::people::Population;
use crate::permits::Permit;
use crate::position::Position;
use crate::visits::{Errand, Visit, VisitStatus};
use crate::{route, timetable};

/// The person whom the guided tour follows, and the visits she has on the first day.
const GUIDE: (&str, usize) = ("person-ana-ruiz", 7);

/// One calendar with its inspectors and the permits that wait for a visit.
pub(crate) struct Office<'a> {
    calendar: &'a CalendarEntry,
    inspectors: Vec<&'a str>,
    files: Vec<File<'a>>,
}

impl<'a> Office<'a> {
    pub(crate) fn of(
        calendar: &'a CalendarEntry,
        population: &'a Population,
        permits: &'a [Permit],
    ) -> Office<'a> {
        let bookable = permits
            .iter()
            .filter(|permit| permit.calendar == calendar.id && permit.is_bookable());
        Office {
            calendar,
            inspectors: population.holders("inspections.inspector", calendar.id),
            files: bookable.filter_map(|permit| File::of(calendar, permit)).collect(),
        }
    }

    /// Every inspector's visits of one day.
    pub(crate) fn book(&mut self, day: Day, first_day: Day, chance: &mut Chance) -> Vec<Visit> {
        let mut visits = Vec::new();
        for inspector in self.inspectors.clone() {
            let wanted = if inspector == GUIDE.0 && day == first_day {
                GUIDE.1
            } else {
                chance.between(5, 8) as usize
            };
            let round = self.round(wanted, day, chance);
            let durations: Vec<u32> = round
                .iter()
                .filter_map(|file| self.due_type(*file))
                .map(|entry| entry.minutes)
                .collect();
            let windows = timetable::windows(&durations, chance);
            for (position, (file, window)) in round.into_iter().zip(windows).enumerate() {
                let errand = Errand {
                    inspector,
                    day,
                    first_day,
                    position: position as u32 + 1,
                    window,
                };
                visits.extend(self.visit(file, &errand, chance));
            }
        }
        visits
    }

    fn due_type(&self, file: usize) -> Option<&'static TypeEntry> {
        self.calendar.type_named(self.files[file].due())
    }

    /// Files near each other that wait longest and fit into one day, along a short way.
    fn round(&self, wanted: usize, day: Day, chance: &mut Chance) -> Vec<usize> {
        let mut near = self.nearest_waiting(wanted, day, chance);
        let durations: Vec<u32> = near
            .iter()
            .filter_map(|file| self.due_type(*file))
            .map(|entry| entry.minutes)
            .collect();
        near.truncate(timetable::fitting(&durations));
        let places: Vec<Position> = near
            .iter()
            .map(|file| self.files[*file].permit.position())
            .collect();
        route::order(&places).into_iter().map(|stop| near[stop]).collect()
    }

    /// Up to `wanted` files not visited on that day, around one of those that were visited least.
    fn nearest_waiting(&self, wanted: usize, day: Day, chance: &mut Chance) -> Vec<usize> {
        let free: Vec<usize> = (0..self.files.len())
            .filter(|file| self.files[*file].visited_last != Some(day))
            .collect();
        let Some(fewest) = free.iter().map(|file| self.files[*file].visits).min() else {
            return Vec::new();
        };
        let waiting: Vec<usize> = free
            .iter()
            .copied()
            .filter(|file| self.files[*file].visits == fewest)
            .collect();
        let anchor = self.files[*chance.pick(&waiting)].permit.position();
        let rank = |index: usize| {
            let file = &self.files[index];
            let distance_mm = (file.permit.position().metres_to(anchor) * 1000.0) as u64;
            (file.visits > fewest + 1, distance_mm, index)
        };
        let mut ranked: Vec<_> = free.into_iter().map(rank).collect();
        // Only the head of the order is needed, and a large town has thousands of files.
        if wanted < ranked.len() {
            ranked.select_nth_unstable(wanted);
            ranked.truncate(wanted);
        }
        ranked.sort_unstable();
        ranked.into_iter().map(|(_, _, file)| file).collect()
    }

    fn visit(&mut self, file: usize, errand: &Errand<'_>, chance: &mut Chance) -> Option<Visit> {
        let entry = self.due_type(file)?;
        let file = &mut self.files[file];
        file.visits += 1;
        file.visited_last = Some(errand.day);
        let visit = Visit::drawn(file.permit, entry, errand, chance);
        if visit.status != VisitStatus::NoShow {
            // What is planned is expected to pass, so that no step is booked twice.
            file.settle(entry, visit.outcome.as_ref().is_none_or(|outcome| outcome.passed));
        }
        Some(visit)
    }
}

/// A permit and how far its inspections have come.
struct File<'a> {
    permit: &'a Permit,
    kind: &'a PermitKind,
    visits: usize,
    visited_last: Option<Day>,
    passed: usize,
    follow_up: Option<&'static str>,
}

impl<'a> File<'a> {
    fn of(calendar: &'a CalendarEntry, permit: &'a Permit) -> Option<File<'a>> {
        let kind = calendar.kinds.iter().find(|kind| kind.name == permit.kind)?;
        Some(File {
            permit,
            kind,
            visits: 0,
            visited_last: None,
            passed: 0,
            follow_up: None,
        })
    }

    /// The inspection that is due.
    fn due(&self) -> &'a str {
        let all = self.kind.steps.iter().chain(self.kind.afterwards.iter().cycle());
        self.follow_up
            .or_else(|| all.copied().nth(self.passed))
            .unwrap_or_default()
    }

    fn settle(&mut self, entry: &TypeEntry, passed: bool) {
        if passed {
            // A passed follow-up settles the step that had failed.
            self.passed += 1;
            self.follow_up = None;
        } else {
            self.follow_up = entry.after_failure;
        }
    }
}
