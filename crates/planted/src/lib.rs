//! Bugs that the simulator and the canaries plant into the real engines, one at a time, to show that it would notice them.
//!
//! A bug is a line of the engine that asks [`planted`]. Without the feature the answer is a constant no; with it, a thread
//! can have one bug planted, so that two threads may play two. Every bug but a leak is silent as long as nothing goes wrong.

macro_rules! bugs {
    ($($bug:ident = $name:literal, $fault:literal, $what:literal;)*) => {
        /// A bug that can be planted.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Bug {
            $(#[doc = $what] $bug,)*
        }

        impl Bug {
            /// All of them.
            pub const ALL: &[Bug] = &[$(Bug::$bug),*];

            /// Whether it leaks without anything else going wrong: the canaries notice it, the simulator's checks need not.
            pub fn is_leak(self) -> bool {
                self.fault() == "leak"
            }

            /// Its name, in reports.
            pub fn name(self) -> &'static str {
                match self { $(Bug::$bug => $name,)* }
            }

            /// Under which fault it shows itself.
            pub fn fault(self) -> &'static str {
                match self { $(Bug::$bug => $fault,)* }
            }

            /// What is wrong with it.
            pub fn what(self) -> &'static str {
                match self { $(Bug::$bug => $what,)* }
            }
        }
    };
}

bugs! {
    TakenWhenSent = "taken-when-sent", "cut", "A command counts as taken when it is sent, before the office has answered.";
    CursorBeforeRows = "cursor-before-rows", "crash", "The cursor is on the disk before the rows it speaks of.";
    RightsBeforeForgetting = "rights-before-forgetting", "crash", "New rights are on the disk before what was lost is removed.";
    ReceiptBeforeForgetting = "receipt-before-forgetting", "crash", "A removal is proved before it is done.";
    ReturnedInTwoSteps = "returned-in-two-steps", "crash", "Refused work leaves the queue in one commit and is returned in the next.";
    AnswerNotKept = "answer-not-kept", "duplicate", "The office does not keep that it took a command: sent again, it is applied again.";
    RefusalNotKept = "refusal-not-kept", "duplicate", "The office does not keep a refusal: sent again, the command may be answered otherwise.";
    OlderPageApplied = "older-page-applied", "reordering", "A page that comes late is applied over newer ones.";
    OlderRightsApplied = "older-rights-applied", "reordering", "Rights that come late replace newer ones.";
    GenerationNotCompared = "generation-not-compared", "reordering", "A page is applied whatever rights and place it belongs to.";
    StaleRights = "stale-rights", "role change", "The office remembers a person's rights past a withdrawal.";
    EpochIgnoresGrants = "epoch-ignores-grants", "role change", "A change of roles does not change the epoch.";
    WithdrawnGrantCounts = "withdrawn-grant-counts", "role change", "A grant that was withdrawn still lets its person send and fetch.";
    ExpiredGrantCounts = "expired-grant-counts", "role change", "A grant that has ended still lets its person send and fetch.";
    RosterNotKept = "roster-not-kept", "role change", "A roster does not follow a grant that begins or ends by the clock.";
    EmptyRightsSkipped = "empty-rights-skipped", "role change", "Whoever has no role left is not made to forget anything.";
    FillingForgotten = "filling-forgotten", "role change", "A control step takes views that were being filled for complete.";
    MaskOfAnotherView = "mask-of-another-view", "role change", "A record in two of a person's views is sent twice as the first shows it.";
    MoveNotTold = "move-not-told", "role change", "A record that moves between two views of a person is not removed from the one it left.";
    PageDividesAChange = "page-divides-a-change", "small pages", "A page ends in the middle of what one command wrote, and the rest is not sent.";
    SwitchedOffAnswered = "switched-off-answered", "account", "Whoever is switched off is answered.";
    DepositedIsDecided = "deposited-is-decided", "account", "What is left sealed is decided as if its author had sent it.";
    ExpiredCredentialAnswered = "expired-credential-answered", "time", "A credential that has run out is answered.";
    LeaseNeverEnds = "lease-never-ends", "time", "A lease does not end with its time.";
    ClockSetBackIgnored = "clock-set-back-ignored", "clock", "A clock that is set back lengthens the lease.";
    ClaimedTimeDecides = "claimed-time-decides", "clock", "What is too late is decided by the laptop's clock.";
    JournalAgesByLaptop = "journal-ages-by-laptop", "clock", "A laptop's clock decides when sent work is too old to be offered again.";
    LifeNotCompared = "life-not-compared", "office restored", "A place in another life of the office counts in this one.";
    AheadNotNoticed = "ahead-not-noticed", "office restored", "A laptop that is ahead of its office goes on from its place.";
    TooOldNotNoticed = "too-old-not-noticed", "long away", "A laptop from before the oldest removal that is known goes on from its place.";
    JournalNotOffered = "journal-not-offered", "office restored", "Work that was sent is not offered to a restored office again.";
    JournalNotWritten = "journal-not-written", "office restored", "Work the office took is not kept to be offered again.";
    WaitingBeforeJournal = "waiting-before-journal", "office restored", "A restored office is offered new work before the work it rests on.";
    WordsLeft = "words-left", "role change", "A record that has gone is still in the index of words.";
    KeysLeft = "keys-left", "role change", "A record that has gone leaves the keys it was found by.";
    TallyNotCompared = "tally-not-compared", "office restored", "What is held is called checked without a look at the tally.";
    TallyNotHealed = "tally-not-healed", "office restored", "A view that differs is not fetched again.";
    ForkIsDuplicate = "fork-is-duplicate", "clone", "Another command under a known id is answered as the known one.";
    ForkNotNoticed = "fork-not-noticed", "clone", "Two copies of a laptop go on as one.";
    PanicNotCaught = "panic-not-caught", "poison", "A rule that panics takes the whole push with it.";
    PoisonDropped = "poison-dropped", "poison", "A command that is not valid is dropped without a word to its author.";
    TooBigIsSent = "too-big-is-sent", "poison", "A command that no request can carry is sent again and again.";
    MaskWidened = "mask-widened", "leak", "An applicant is shown what the inspector is shown.";
    DenialTells = "denial-tells", "leak", "Whoever may not see a record is told what it says.";
    LogTells = "log-tells", "leak", "What is refused is written to the log as it was typed.";
    PhotoByName = "photo-by-name", "leak", "Whoever names a photo is given it.";
    PicturesLeft = "pictures-left", "leak", "The photos of a record that has gone stay.";
    CopiesLeft = "copies-left", "leak", "A removal leaves the copies of rows that moved between pages.";
    JournalLeft = "journal-left", "leak", "A removal leaves the journal as it is.";
    RightsLeft = "rights-left", "leak", "The names of places that are out of sight stay in unused space.";
}

/// Whether this bug is planted here.
#[cfg(not(feature = "planted"))]
pub const fn planted(_: Bug) -> bool {
    false
}

/// Does nothing: no rule panics on purpose.
#[cfg(not(feature = "planted"))]
pub const fn panic_on(_: &str) {}

#[cfg(feature = "planted")]
pub use with_feature::{panic_on, plant, planted};

#[cfg(feature = "planted")]
mod with_feature {
    use super::Bug;
    use std::cell::Cell;

    thread_local! {
        static PLANTED: Cell<Option<Bug>> = const { Cell::new(None) };
    }

    /// Whether this bug is planted in this thread.
    pub fn planted(bug: Bug) -> bool {
        PLANTED.get() == Some(bug)
    }

    /// Plants a bug in this thread, or none.
    pub fn plant(bug: Option<Bug>) {
        PLANTED.set(bug);
    }

    /// Panics as a rule with a mistake would, on commands whose ids say so.
    pub fn panic_on(id: &str) {
        assert!(!id.starts_with("dead"), "a rule with a mistake met command {id}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_in_the_documents_is_the_list_of_bugs() {
        let pages = [
            (include_str!("../../../docs/simulator.md"), false),
            (include_str!("../../../docs/canaries.md"), true),
        ];
        for (page, is_leak) in pages {
            let told: Vec<&str> = page.lines().filter(|line| line.starts_with("| `")).collect();
            let rows = Bug::ALL
                .iter()
                .filter(|bug| bug.is_leak() == is_leak)
                .map(|bug| format!("| `{}` | {} | {} |", bug.name(), bug.fault(), bug.what()));
            assert_eq!(told, rows.collect::<Vec<_>>());
        }
    }

    #[test]
    fn rel_3_there_are_enough_bugs_and_each_has_a_name_of_its_own() {
        let mut names: Vec<&str> = Bug::ALL.iter().map(|bug| bug.name()).collect();
        names.sort_unstable();
        names.dedup();
        assert!(names.len() == Bug::ALL.len() && names.len() >= 25, "{names:?}");
    }
}
