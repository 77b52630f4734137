//! The small town with a canary in every text of every record.
//!
//! Each body is written out field by field: a new field does not compile until somebody has said what stands in it here.

use super::book::Book;
use super::complete::everything_is_planted;
use crate::disk::copy;
use crate::town::{FIRE, Town};
use anyhow::{Context as _, Result};
use domain::inspections::{
    AddNote, Answered, Appointment, Block, Calendar, CalledOff, Change, CheckAnswer, ChecklistItem, Event,
    Finding, InspectionType, Lock, Note, Outcome, Overall, Permit, Photo, Priority, ReassignmentRequest,
    RequestReason, Source, Status, Team,
};
use domain::people::{Absence, AbsenceReason, AccessFinding, Emergency, GrantBody, Person, Review};
use domain::returned::{Decision, ReturnedWork};
use domain::{Body, Command, Contest, Record};
use policy::{Code, Denial, GrantId, Kind, PersonId, RecordId, TeamId};
use rusqlite::Connection;
use serde_json::Value;
use std::cell::RefCell;
use std::collections::BTreeMap;
use store::{OfficeTx, StoredPhoto};

/// The team of the calendar that is not open to the public.
pub const SOUTH: &str = "south";

/// The town as it begins: its office's disk, and which canary stands where.
pub struct Planted {
    pub office: Connection,
    pub book: Book,
    pub photos: Photos,
    /// The keys of each calendar's checklist.
    pub lines: BTreeMap<&'static str, Vec<String>>,
}

/// The photos that are at the office, by hash: for which visit they were sent, and their bytes.
pub type Photos = BTreeMap<String, (RecordId, String)>;

impl Planted {
    /// The hashes of all photos.
    pub fn hashes(&self) -> Vec<String> {
        self.photos.keys().cloned().collect()
    }
}

thread_local! {
    static TOWN: RefCell<Option<Planted>> = const { RefCell::new(None) };
}

/// The town, made once in each thread and copied.
pub fn planted() -> Result<Planted> {
    TOWN.with_borrow_mut(|made| {
        if made.is_none() {
            *made = Some(Planting::default().office()?);
        }
        let town = made.as_ref().context("no town")?;
        Ok(Planted {
            office: copy(&town.office)?,
            book: town.book.clone(),
            photos: town.photos.clone(),
            lines: town.lines.clone(),
        })
    })
}

/// The town's records, and what was planted in them.
#[cfg(test)]
pub fn records() -> Result<(Vec<Record>, Book)> {
    let mut planting = Planting::default();
    let records = planting.records()?;
    Ok((records, planting.book))
}

/// The town in the making.
#[derive(Default)]
struct Planting {
    book: Book,
    photos: Photos,
    lines: BTreeMap<&'static str, Vec<String>>,
}

impl Planting {
    fn office(mut self) -> Result<Planted> {
        let records = self.records()?;
        everything_is_planted(&records)?;
        let mut db = Town::office_of(records.clone())?;
        let mut tx = db.write()?;
        pollster::block_on(async {
            for record in &records {
                let Body::Appointment(visit) = &record.body else {
                    continue;
                };
                for photo in &visit.photos {
                    let stored = StoredPhoto {
                        hash: photo.hash.clone(),
                        media_type: photo.media_type.clone(),
                        bytes: photo.bytes,
                    };
                    let by = PersonId::parse("laura")?;
                    tx.save_photo(&stored, &record.id, &by, Town::MORNING).await?;
                }
            }
            anyhow::Ok(tx.commit().await?)
        })?;
        Ok(Planted {
            office: db.into_db(),
            book: self.book,
            photos: self.photos,
            lines: self.lines,
        })
    }

    fn records(&mut self) -> Result<Vec<Record>> {
        let mut town = Town::records()?;
        town.push(Record::new(GrantId::parse("grant-nadia")?, {
            let mut grant = crate::town::grant_body("nadia", "manager", "calendar/fire")?;
            grant.withdrawn = Some(String::new());
            grant
        }));
        for (id, calendar, person, is_reviewed) in [
            ("access-0", crate::BUILDING, "carla", false),
            ("access-1", FIRE, "bruno", true),
        ] {
            town.push(Record::new(
                GrantId::parse(id)?,
                access(calendar, person, is_reviewed)?,
            ));
        }
        for (id, calendar, person) in [
            ("block-0", crate::BUILDING, None),
            ("block-1", crate::BUILDING, Some("ana")),
            ("block-2", FIRE, Some("carla")),
        ] {
            town.push(Record::new(RecordId::parse(id)?, block(calendar, person)?));
        }
        for (id, calendar, author, is_conflict) in [
            ("work-0", crate::BUILDING, "ana", false),
            ("work-1", crate::BUILDING, "bruno", true),
            ("work-2", FIRE, "carla", false),
        ] {
            town.push(Record::new(
                RecordId::parse(id)?,
                work(calendar, author, is_conflict)?,
            ));
        }
        // What a line is called stands in its inspection type first, and in findings after that.
        town.sort_by_key(|record| record.kind() != Kind::InspectionType);
        let mut records = Vec::new();
        for Record { id, revision, body } in town {
            let mut texts = Texts {
                book: &mut self.book,
                record: id.clone(),
            };
            let body: Body = match body {
                Body::Appointment(body) => {
                    let photo = texts.plant("photos: the bytes")?;
                    let lines = if body
                        .calendar
                        .as_ref()
                        .is_some_and(|calendar| calendar.as_str() == FIRE)
                    {
                        &self.lines[FIRE]
                    } else {
                        &self.lines[crate::BUILDING]
                    };
                    let hash = blake3::hash(photo.as_bytes()).to_hex().to_string();
                    let visit = texts.visit(*body, lines, hash.clone())?;
                    self.photos.insert(hash, (id.clone(), photo));
                    visit.into()
                }
                Body::Permit(body) => texts.permit(*body)?.into(),
                Body::Calendar(body) => texts.calendar(body)?.into(),
                Body::InspectionType(body) => {
                    let kind = texts.inspection_type(body)?;
                    let calendar = [crate::BUILDING, FIRE];
                    let calendar = calendar.iter().find(|name| kind.calendar.as_str() == **name);
                    let keys = kind.checklist.iter().map(|item| item.key.clone()).collect();
                    self.lines
                        .insert(calendar.context("a calendar of its own")?, keys);
                    kind.into()
                }
                Body::Block(body) => texts.block(body)?.into(),
                Body::Person(body) => texts.person(body)?.into(),
                Body::Grant(body) => texts.grant(body)?.into(),
                Body::ReturnedWork(body) => texts.returned_work(*body)?.into(),
            };
            records.push(Record { id, revision, body });
        }
        Ok(records)
    }
}

/// A calendar that somebody opened in an emergency and that is open no longer.
fn access(calendar: &str, person: &str, is_reviewed: bool) -> Result<GrantBody> {
    let review = Review {
        finding: AccessFinding::NotJustified,
        by: String::new(),
        at: Town::MORNING - 1000,
        because: String::new(),
    };
    Ok(GrantBody {
        from: Some(Town::MORNING - 3000),
        until: Some(Town::MORNING - 2000),
        emergency: Some(Emergency {
            calendar: calendar.to_owned().try_into()?,
            calendar_name: String::new(),
            review: is_reviewed.then_some(review),
        }),
        ..crate::town::grant_body(person, "emergency", &format!("calendar/{calendar}"))?
    })
}

fn block(calendar: &str, person: Option<&str>) -> Result<Block> {
    Ok(Block {
        calendar: calendar.to_owned().try_into()?,
        person: person.map(PersonId::parse).transpose()?,
        person_name: String::new(),
        from_day: Town::today() + chrono::Days::new(1),
        until_day: Town::today() + chrono::Days::new(2),
        from_minute: Some(13 * 60),
        to_minute: Some(14 * 60),
        lifted: false,
        because: String::new(),
        history: Vec::new(),
    })
}

/// Work that came back: refused and decided, or a conflict that waits.
fn work(calendar: &str, author: &str, is_conflict: bool) -> Result<ReturnedWork> {
    let visit = if calendar == FIRE { "visit-08" } else { "visit-00" };
    let note = AddNote {
        appointment: RecordId::parse(visit)?,
        note: RecordId::parse(format!("note-of-{author}"))?,
        text: String::new(),
    };
    let contest = Contest {
        field: String::new(),
        mine: Value::Null,
        theirs: Value::Null,
        theirs_by: None,
        theirs_at: Some(Town::MORNING),
    };
    let decision = Decision {
        is_adopted: true,
        instead: Some(note.clone().into()),
        by: String::new(),
        at: Town::MORNING,
        because: String::new(),
    };
    Ok(ReturnedWork {
        calendar: calendar.to_owned().try_into()?,
        team: None,
        target: RecordId::parse(visit)?,
        target_title: String::new(),
        author: PersonId::parse(author)?,
        author_name: String::new(),
        command: note.into(),
        denial: (!is_conflict).then(|| Denial::new(Code::NotGranted, "C-INS-20", "")),
        contest: is_conflict.then_some(contest),
        claimed_at: Town::MORNING,
        received_at: Town::MORNING,
        decision: (!is_conflict).then_some(decision),
    })
}

/// Plants the texts of one record.
struct Texts<'a> {
    book: &'a mut Book,
    record: RecordId,
}

impl Texts<'_> {
    fn plant(&mut self, field: &str) -> Result<String> {
        self.book.plant(format!("{}: {field}", self.record))
    }

    fn event(&mut self, field: &str) -> Result<Event> {
        Ok(Event {
            what: "correct_result".to_owned(),
            by: self.plant(&format!("{field}.by"))?,
            at: Town::MORNING,
            claimed_at: Town::MORNING,
            detail: self.plant(&format!("{field}.detail"))?,
            changes: vec![Change {
                field: self.plant(&format!("{field}.changes.field"))?,
                from: self.plant(&format!("{field}.changes.from"))?,
                to: self.plant(&format!("{field}.changes.to"))?,
            }],
        })
    }

    fn finding(&mut self, field: &str) -> Result<Finding> {
        Ok(Finding {
            answer: Some(CheckAnswer::Pass),
            measurement: Some(2.5),
            observation: self.plant(&format!("{field}.observation"))?,
        })
    }

    fn source(&mut self) -> Result<Source> {
        let fact = (self.plant("source.facts key")?, self.plant("source.facts")?);
        Ok(Source {
            system: self.plant("source.system")?,
            id: self.plant("source.id")?,
            facts: BTreeMap::from([fact]),
            marks: vec![self.plant("source.marks")?],
        })
    }

    /// Visits differ in where they stand: most are open and free to work on, some are over, locked or asked to be given away.
    fn visit(&mut self, town: Appointment, lines: &[String], photo: String) -> Result<Appointment> {
        let number = self.record.as_str().trim_start_matches("visit-");
        let number: usize = number.parse().context("a visit without a number")?;
        let first = lines.first().context("no checklist")?.clone();
        let last = lines.last().context("no checklist")?.clone();
        let status = match number {
            6 => Status::RequireReassignment,
            7 => Status::Cancelled,
            8 => Status::Completed,
            _ => town.status,
        };
        let is_over = status == Status::Completed;
        Ok(Appointment {
            permit: town.permit,
            permit_number: self.plant("permit_number")?,
            permit_type: self.plant("permit_type")?,
            inspection_type: town.inspection_type,
            inspection_type_name: self.plant("inspection_type_name")?,
            calendar: town.calendar,
            team: town.team,
            assignee: town.assignee,
            assignee_name: self.plant("assignee_name")?,
            applicant: town.applicant,
            contact_name: self.plant("contact_name")?,
            contact_phone: self.plant("contact_phone")?,
            contact_email: self.plant("contact_email")?,
            establishment: self.plant("establishment")?,
            address: self.plant("address")?,
            latitude: Some(-34.9),
            longitude: Some(-56.2),
            day: town.day,
            from_minute: town.from_minute,
            to_minute: town.to_minute,
            priority: Priority::Urgent,
            special_notes: self.plant("special_notes")?,
            status,
            started_at: is_over.then_some(Town::MORNING),
            completed_at: is_over.then_some(Town::MORNING),
            findings: BTreeMap::from([(first.clone(), self.finding("findings")?)]),
            answered: BTreeMap::from([(
                first,
                Answered {
                    by: self.plant("answered.by")?,
                    at: Town::MORNING,
                },
            )]),
            result: match is_over {
                true => Some(Outcome {
                    overall: Overall::Failed,
                    summary: self.plant("result.summary")?,
                    by: self.plant("result.by")?,
                    at: Some(Town::MORNING),
                }),
                false => None,
            },
            notes: vec![Note {
                id: RecordId::parse(format!("note-of-{}", self.record))?,
                by: self.plant("notes.by")?,
                at: Town::MORNING,
                text: self.plant("notes.text")?,
            }],
            photos: vec![Photo {
                hash: photo,
                media_type: "image/jpeg".to_owned(),
                bytes: 32,
                caption: self.plant("photos.caption")?,
                by: self.plant("photos.by")?,
                at: Town::MORNING,
                pending: false,
            }],
            request: match status {
                Status::RequireReassignment => Some(ReassignmentRequest {
                    reason: RequestReason::Conflict,
                    text: self.plant("request.text")?,
                    by: self.plant("request.by")?,
                    at: Town::MORNING,
                    was: Status::Scheduled,
                }),
                _ => None,
            },
            called_off: match status {
                Status::Cancelled => Some(CalledOff {
                    because: self.plant("called_off.because")?,
                    by: self.plant("called_off.by")?,
                    at: Town::MORNING,
                }),
                _ => None,
            },
            lock: match number {
                4 | 8 => Some(Lock {
                    because: self.plant("lock.because")?,
                    by: self.plant("lock.by")?,
                    at: Town::MORNING,
                }),
                _ => None,
            },
            reinspects: (number == 10).then(|| RecordId::parse("visit-08")).transpose()?,
            reinspection: is_over.then(|| RecordId::parse("visit-10")).transpose()?,
            found_before: match number {
                10 => BTreeMap::from([(last, self.finding("found_before")?)]),
                _ => BTreeMap::new(),
            },
            history: vec![self.event("history")?],
            source: Some(self.source()?),
        })
    }

    fn permit(&mut self, town: Permit) -> Result<Permit> {
        Ok(Permit {
            number: self.plant("number")?,
            permit_type: self.plant("permit_type")?,
            description: self.plant("description")?,
            status: town.status,
            fee_paid: town.fee_paid,
            applicant: town.applicant,
            contact_name: self.plant("contact_name")?,
            contact_phone: self.plant("contact_phone")?,
            contact_email: self.plant("contact_email")?,
            establishment: self.plant("establishment")?,
            address: self.plant("address")?,
            latitude: Some(-34.9),
            longitude: Some(-56.2),
            calendar: town.calendar,
            inspection_types: town.inspection_types,
            people: town.people,
            teams: town.teams,
            source: Some(self.source()?),
        })
    }

    fn calendar(&mut self, town: Calendar) -> Result<Calendar> {
        let mut teams = town.teams;
        if teams.is_empty() {
            teams.push(Team {
                id: TeamId::parse(SOUTH)?,
                name: String::new(),
            });
        }
        for team in &mut teams {
            team.name = self.plant("teams.name")?;
        }
        Ok(Calendar {
            name: self.plant("name")?,
            department: town.department,
            department_name: self.plant("department_name")?,
            public: town.public,
            active: town.active,
            requirements: vec![self.plant("requirements")?],
            cutoff_minute: town.cutoff_minute,
            reschedule_hours: town.reschedule_hours,
            cancel_hours: town.cancel_hours,
            photo_location: town.photo_location,
            teams,
        })
    }

    fn inspection_type(&mut self, town: InspectionType) -> Result<InspectionType> {
        let mut checklist = Vec::new();
        for item in town.checklist {
            let line = format!("checklist.{}", item.key);
            checklist.push(ChecklistItem {
                key: self.plant(&format!("{line}.key"))?,
                text: self.plant(&format!("{line}.text"))?,
                unit: Some(self.plant(&format!("{line}.unit"))?),
                required: item.required,
            });
        }
        Ok(InspectionType {
            name: self.plant("name")?,
            calendar: town.calendar,
            duration_minutes: town.duration_minutes,
            requirements: vec![self.plant("requirements")?],
            checklist,
        })
    }

    fn block(&mut self, town: Block) -> Result<Block> {
        Ok(Block {
            calendar: town.calendar,
            person_name: match &town.person {
                Some(_) => self.plant("person_name")?,
                None => String::new(),
            },
            person: town.person,
            from_day: town.from_day,
            until_day: town.until_day,
            from_minute: town.from_minute,
            to_minute: town.to_minute,
            lifted: town.lifted,
            because: self.plant("because")?,
            history: vec![self.event("history")?],
        })
    }

    fn person(&mut self, town: Person) -> Result<Person> {
        Ok(Person {
            name: self.plant("name")?,
            username: self.plant("username")?,
            email: self.plant("email")?,
            phone: self.plant("phone")?,
            inspects: town.inspects,
            absences: vec![Absence {
                id: RecordId::parse(format!("absence-of-{}", self.record))?,
                from_day: Town::today() + chrono::Days::new(10),
                until_day: Town::today() + chrono::Days::new(12),
                reason: AbsenceReason::Leave,
                by: self.plant("absences.by")?,
                at: Town::MORNING,
            }],
        })
    }

    fn note(&mut self, field: &str, town: Command) -> Result<Command> {
        let Command::AddNote(town) = town else {
            anyhow::bail!("{} is no note", town.name());
        };
        let note = AddNote {
            appointment: town.appointment,
            note: town.note,
            text: self.plant(&format!("{field}.text"))?,
        };
        Ok(note.into())
    }

    fn returned_work(&mut self, town: ReturnedWork) -> Result<ReturnedWork> {
        Ok(ReturnedWork {
            calendar: town.calendar,
            team: town.team,
            target: town.target,
            target_title: self.plant("target_title")?,
            author: town.author,
            author_name: self.plant("author_name")?,
            command: self.note("command", town.command)?,
            denial: match town.denial {
                Some(denial) => Some(Denial {
                    code: denial.code,
                    sentence: self.plant("denial.sentence")?,
                    fact: Some(self.plant("denial.fact")?),
                    rule: denial.rule,
                    who: Some(self.plant("denial.who")?),
                }),
                None => None,
            },
            contest: match town.contest {
                Some(contest) => Some(Contest {
                    field: self.plant("contest.field")?,
                    mine: self.plant("contest.mine")?.into(),
                    theirs: self.plant("contest.theirs")?.into(),
                    theirs_by: Some(self.plant("contest.theirs_by")?),
                    theirs_at: contest.theirs_at,
                }),
                None => None,
            },
            claimed_at: town.claimed_at,
            received_at: town.received_at,
            decision: match town.decision {
                Some(decision) => Some(Decision {
                    is_adopted: decision.is_adopted,
                    instead: match decision.instead {
                        Some(instead) => Some(self.note("decision.instead", instead)?),
                        None => None,
                    },
                    by: self.plant("decision.by")?,
                    at: decision.at,
                    because: self.plant("decision.because")?,
                }),
                None => None,
            },
        })
    }

    fn emergency(&mut self, town: Emergency) -> Result<Emergency> {
        Ok(Emergency {
            calendar: town.calendar,
            calendar_name: self.plant("emergency.calendar_name")?,
            review: match town.review {
                Some(review) => Some(Review {
                    finding: review.finding,
                    by: self.plant("emergency.review.by")?,
                    at: review.at,
                    because: self.plant("emergency.review.because")?,
                }),
                None => None,
            },
        })
    }

    fn grant(&mut self, town: GrantBody) -> Result<GrantBody> {
        Ok(GrantBody {
            person: town.person,
            role: town.role,
            scope: town.scope,
            from: town.from,
            until: town.until,
            granted_by: self.plant("granted_by")?,
            because: self.plant("because")?,
            withdrawn: town.withdrawn.map(|_| self.plant("withdrawn")).transpose()?,
            emergency: town
                .emergency
                .map(|emergency| self.emergency(emergency))
                .transpose()?,
        })
    }
}
