//! What can go wrong in one history. Every seed has a weather of its own: with every fault at once the rarer ones would be
//! covered up by the others.

use crate::Rng;
use crate::act::Fault;
use crate::world::Mishap;

/// What goes wrong in one history, and how often.
#[derive(Debug, Clone, Default)]
pub struct Weather {
    mishaps: Vec<Mishap>,
    /// Of a hundred requests, how many meet with a mishap.
    mishap_percent: usize,
    faults: Vec<Fault>,
    /// Laptops lose their power in the middle of something.
    pub crashes: bool,
    /// Who restores the office may forget to say so.
    pub careless: bool,
    /// Visits change hands, and people open calendars for themselves.
    pub moves: bool,
}

/// How many in a hundred seeds know each fault.
const FAULTS: [(Fault, usize); 12] = [
    (Fault::Restart, 50),
    (Fault::Late, 0),
    (Fault::Roles, 70),
    (Fault::Account, 25),
    (Fault::Clock, 40),
    (Fault::OfficeClock, 30),
    (Fault::TimePasses, 20),
    (Fault::Poison, 25),
    (Fault::Backup, 40),
    (Fault::ShortLog, 25),
    (Fault::Image, 20),
    (Fault::Clone, 15),
];

impl Weather {
    /// The weather of a seed.
    pub fn of(rng: &mut Rng) -> Weather {
        let mishaps: Vec<Mishap> = Mishap::ALL.into_iter().filter(|_| rng.chance(50)).collect();
        let mut faults: Vec<Fault> = FAULTS
            .iter()
            .filter(|(_, percent)| rng.chance(*percent))
            .map(|(fault, _)| *fault)
            .collect();
        if mishaps.contains(&Mishap::RequestLate) || mishaps.contains(&Mishap::ReplyLate) {
            faults.push(Fault::Late);
        }
        Weather {
            mishap_percent: [5, 20, 40][rng.below(3)],
            mishaps,
            faults,
            crashes: rng.chance(50),
            careless: rng.chance(15),
            moves: true,
        }
    }

    /// A day on which nothing goes wrong.
    pub fn calm() -> Weather {
        Weather::default()
    }

    /// What happens to the next request.
    pub fn mishap(&self, rng: &mut Rng) -> Mishap {
        if !rng.chance(self.mishap_percent) {
            return Mishap::None;
        }
        rng.pick(&self.mishaps).copied().unwrap_or(Mishap::None)
    }

    /// The next thing to go wrong, where anything does.
    pub fn fault(&self, rng: &mut Rng) -> Option<Fault> {
        rng.pick(&self.faults).copied()
    }
}
