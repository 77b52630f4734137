//! Imports, against a real office: small files written by hand, and the city's own 27,600 rows.

#![expect(clippy::unwrap_used, reason = "in a test a panic is the message")]

use domain::inspections::{Appointment, Note, Overall, Permit, Status};
use domain::people::{GrantBody, Person};
use domain::{Answer, Body, Effect, Record};
use policy::views::{self, View};
use policy::{Actor, Kind, OrgId, PersonId, RecordId, Scope};
use server::import::{self, ImportError, Options, Summary};
use server::{Office, Opening, PhotoPlace};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use store::{AnyTx, Lookup, OfficeTx, Place};

const HEADER: &str = "id,licence,name,address,lat,lon,day,kind,result,group,ward";
const ROWS: [&str; 3] = [
    "1,77,OLD NAME,1 MAIN ST,41.5,-87.5,2014-01-01,Canvass,Pass,green,3",
    "2,77,\"NEW NAME, INC\",1 MAIN ST,41.5,-87.5,2014-06-01,Canvass,Fail,,",
    "3,78,CORNER CAFE,2 MAIN ST,,,2014-02-01,Canvass,Pass w/ Conditions,green,3",
];
const MAPPING: &str = r#"
version = 1
system = "city"
id = "id"
facts = ["result", "ward"]
[calendar]
id = "food"
name = "Food inspections"
department = "health"
department_name = "Health"
[appointment]
team = "group"
establishment = "name"
address = "address"
latitude = "lat"
longitude = "lon"
day = { column = "day", format = "%Y-%m-%d" }
result = { column = "result", map = { "Pass" = "passed", "Pass w/ Conditions" = "passed_with_conditions", "Fail" = "failed" } }
[permit]
number = "licence"
permit_type = { value = "Licence" }
establishment = "name"
address = "address"
[inspection_type]
name = "kind"
[marks]
without_coordinates = ["lat", "lon"]
without_ward = "ward"
"#;

struct Town {
    folder: tempfile::TempDir,
    office: Office,
}

impl Town {
    fn new() -> Town {
        let folder = tempfile::tempdir().unwrap();
        let opening = Opening {
            database: Place::Sqlite(folder.path().join("office.db")),
            data_dir: folder.path().join("data"),
            photos: PhotoPlace::below(folder.path()),
            org: OrgId::parse("town").unwrap(),
        };
        Town {
            office: Office::open(&opening).unwrap(),
            folder,
        }
    }

    fn report(&self) -> PathBuf {
        self.folder.path().join("report.jsonl")
    }

    fn run(&self, file: &Path, mapping: &Path, dry_run: bool) -> Result<Summary, ImportError> {
        let (file, mapping) = (file.to_owned(), mapping.to_owned());
        let options = Options {
            kind: "inspections".into(),
            file,
            mapping,
            dry_run,
            report: Some(self.report()),
        };
        import::run(&self.office, &options, &mut |_| {})
    }

    fn import_with(
        &self,
        header: &str,
        rows: &[&str],
        mapping: &str,
        dry_run: bool,
    ) -> Result<Summary, ImportError> {
        let (file, toml) = (
            self.folder.path().join("rows.csv"),
            self.folder.path().join("mapping.toml"),
        );
        std::fs::write(&file, format!("{header}\n{}\n", rows.join("\n"))).unwrap();
        std::fs::write(&toml, mapping).unwrap();
        self.run(&file, &toml, dry_run)
    }

    fn import(&self, rows: &[&str]) -> Summary {
        self.import_with(HEADER, rows, MAPPING, false).unwrap()
    }

    /// The lines of the last report: line, outcome and reason.
    fn told(&self) -> Vec<(u64, String, String)> {
        let text = std::fs::read_to_string(self.report()).unwrap();
        let parse = |line: &str| serde_json::from_str::<serde_json::Value>(line).unwrap();
        let told = text.lines().map(parse).map(|line| {
            let text = |key: &str| line[key].as_str().unwrap_or_default().to_owned();
            (line["line"].as_u64().unwrap(), text("outcome"), text("reason"))
        });
        told.collect()
    }

    fn read<R>(&self, work: impl AsyncFnOnce(&mut AnyTx<'_>) -> store::Result<R>) -> R {
        self.office.read(async |tx| Ok(work(tx).await?)).unwrap()
    }

    fn body(&self, id: &str) -> Option<Record> {
        let id = RecordId::parse(id).unwrap();
        match self.read(async |tx| tx.record(&id).await) {
            Answer::Found(record) => Some(record),
            _ => None,
        }
    }

    fn visit(&self, id: &str) -> Appointment {
        match self.body(id).unwrap().body {
            Body::Appointment(visit) => *visit,
            other => panic!("{id} is {other:?}"),
        }
    }

    fn permit(&self, id: &str) -> Permit {
        match self.body(id).unwrap().body {
            Body::Permit(permit) => *permit,
            other => panic!("{id} is {other:?}"),
        }
    }

    fn put(&self, records: Vec<Record>) {
        let effect = Effect::puts(records);
        let work = self.office.write(async |tx| Ok(store::write(tx, &effect).await?));
        work.unwrap();
    }

    fn seq(&self) -> i64 {
        self.read(async |tx| Ok(tx.org().await?.seq))
    }

    fn count(&self, view: &str) -> u64 {
        let view = View::try_from(view.to_owned()).unwrap();
        let heads = self.read(async |tx| tx.view_heads(&[view]).await);
        heads[0].map_or(0, |head| head.tally.count)
    }
}

fn usage(result: Result<Summary, ImportError>) -> String {
    match result {
        Err(error @ ImportError::Usage(_)) if error.exit_code() == 2 => error.to_string(),
        other => panic!("expected a usage error, got {other:?}"),
    }
}

fn numbers(summary: &Summary) -> [u64; 5] {
    [
        summary.read,
        summary.created,
        summary.updated,
        summary.unchanged,
        summary.refused,
    ]
}

/// The rows of a table in the text of a test.
fn table<const N: usize>(text: &str) -> Vec<[&str; N]> {
    let rows = text.lines().filter(|line| line.contains('|'));
    rows.map(|row| {
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        cells.try_into().unwrap()
    })
    .collect()
}

#[test]
fn each_row_becomes_a_visit_with_the_name_it_was_made_under() {
    let town = Town::new();
    let summary = town.import(&ROWS);
    assert_eq!(numbers(&summary), [3, 3, 0, 0, 0]);
    let marks = ["several_names", "without_coordinates", "without_ward"];
    assert_eq!(marks.map(|mark| summary.marked[mark]), [1, 1, 1]);
    let [old, new, cafe] = ["city-1", "city-2", "city-3"].map(|id| town.visit(id));
    assert_eq!(old.establishment, "OLD NAME");
    assert_eq!(new.establishment, "NEW NAME, INC");
    assert_eq!(old.status, Status::Completed);
    assert_eq!((old.from_minute, old.assignee), (None, None));
    assert_eq!((old.started_at, old.completed_at), (None, None));
    assert_eq!((cafe.latitude, cafe.longitude), (None, None));
    let result = cafe.result.unwrap();
    assert_eq!(result.overall, Overall::PassedWithConditions);
    assert_eq!(result.at, None);
    assert_eq!(cafe.source.unwrap().facts["result"], "Pass w/ Conditions");
    let permit = town.permit("city-permit-77");
    assert_eq!(permit.number, "77");
    assert_eq!(permit.permit_type, "Licence");
    assert_eq!(permit.establishment, "NEW NAME, INC");
    assert_eq!(permit.inspection_types[0].as_str(), "food-canvass");
}

#[test]
fn a_wrong_header_writes_nothing() {
    let lacks = HEADER.replace("lon", "longitude");
    let twice = HEADER.replace("ward", "name");
    let more = format!("{HEADER},owner_phone");
    for (header, said) in [
        (lacks, "no column `lon`"),
        (twice, "`name` twice"),
        (more, "`owner_phone`"),
    ] {
        let town = Town::new();
        let message = usage(town.import_with(&header, &ROWS, MAPPING, false));
        assert!(
            message.contains(said) && message.contains("rows.csv:1"),
            "{message}"
        );
        assert_eq!(town.seq(), 0);
    }
}

#[test]
fn a_wrong_mapping_writes_nothing() {
    // What of the mapping is replaced, by what, and what the message says.
    let cases = r#"
        establishment = "name" | shop = "name" | mapping.toml:13: unknown field `shop`
        version = 1 | version = 2 | mapping.toml:2: version = 2: accepted is 1
        facts = ["result", | colour = ["result", | mapping.toml:5: unknown field `colour`
        format = "%Y-%m-%d" | form = "%Y-%m-%d" | mapping.toml:17: unknown field `form`
        format = "%Y-%m-%d" | format = "%Y" | `%Y` does not tell a day
        = "failed" | = "lost" | `lost` is not a result; accepted are passed
        team = "group" | team = { column = "crew" } | no column `crew`, which
    "#;
    for [from, to, said] in table(cases) {
        let town = Town::new();
        let message = usage(town.import_with(HEADER, &ROWS, &MAPPING.replacen(from, to, 1), false));
        assert!(message.contains(said), "{message}");
        assert_eq!(town.seq(), 0);
    }
    let town = Town::new();
    let message = usage(town.run(Path::new("absent.csv"), Path::new("absent.toml"), false));
    assert!(message.contains("absent.toml"), "{message}");
}

#[test]
fn a_row_that_cannot_be_understood_is_refused_with_its_line_and_the_others_go_in() {
    let cases = r#"
        9,77,A,B,41,-87,2014-13-01,Canvass,Pass,green,3 | day: `2014-13-01` is not a day
        9,77,A,B,41,-87,2014-01-01,Canvass,Closed,green,3 | result: `Closed` is not in the map
        9,77,A,B,91,-87,2014-01-01,Canvass,Pass,green,3 | lat: `91` is not a coordinate
        9,77,A,B,41,west,2014-01-01,Canvass,Pass,green,3 | lon: `west` is not a coordinate
        9,77,"A,B,41,-87,2014-01-01,Canvass,Pass,green,3 | a quote is opened
        9,77,A,B,41,-87,2014-01-01,Canvass,Pass,green | 10 cells where the header has 11
        a b,77,A,B,41,-87,2014-01-01,Canvass,Pass,green,3 | `city-a b` is not an id
        9,,A,B,41,-87,2014-01-01,Canvass,Pass,green,3 | licence is empty
        1,77,A,B,41,-87,2014-01-01,Canvass,Pass,green,3 | already read in line 2
    "#;
    for [bad, said] in table(cases) {
        let town = Town::new();
        let summary = town.import(&[ROWS[0], bad, "", ROWS[1], ROWS[2]]);
        assert_eq!(numbers(&summary), [4, 3, 0, 0, 1], "{bad}");
        let told = town.told();
        let refused = told.iter().find(|(_, outcome, _)| outcome == "refused").unwrap();
        assert!(refused.0 == 3 && refused.2.contains(said), "{refused:?}");
        assert_eq!(town.visit("city-3").establishment, "CORNER CAFE");
    }
}

#[test]
fn a_quoted_cell_may_run_over_lines() {
    let town = Town::new();
    let two_lines = "4,79,\"UP\nSTAIRS\",\"3 \"\"A\"\" ST\",41,-87,2014-02-01,Canvass,Pass,green,3\r";
    let bad = "5,79,A,B,41,-87,someday,Canvass,Pass,green,3";
    assert_eq!(numbers(&town.import(&[two_lines, bad])), [2, 1, 0, 0, 1]);
    assert_eq!(
        (town.visit("city-4").establishment.as_str(), town.told()[0].0),
        ("UP\nSTAIRS", 4)
    );
}

#[test]
fn a_second_run_writes_only_what_changed_and_keeps_work_done_since() {
    let town = Town::new();
    town.import(&ROWS);
    let seq = town.seq();
    assert_eq!(numbers(&town.import(&ROWS)), [3, 0, 0, 3, 0]);
    assert_eq!(town.seq(), seq);
    let mut visit = town.visit("city-1");
    let note = Note {
        id: RecordId::parse("n1").unwrap(),
        by: "Ana".into(),
        at: 1,
        text: "Back door.".into(),
    };
    visit.notes.push(note.clone());
    visit.special_notes = "Dog.".into();
    town.put(vec![Record::new(RecordId::parse("city-1").unwrap(), visit)]);
    assert_eq!(numbers(&town.import(&ROWS)), [3, 0, 0, 3, 0]);
    let moved = ROWS[0].replace("1 MAIN ST", "9 MAIN ST");
    assert_eq!(
        numbers(&town.import(&[&moved, ROWS[1], ROWS[2]])),
        [3, 0, 1, 2, 0]
    );
    let visit = town.visit("city-1");
    assert_eq!(
        (visit.address.as_str(), visit.special_notes.as_str()),
        ("9 MAIN ST", "Dog.")
    );
    assert_eq!(visit.notes, [note]);
    // An older file alone does not take the permit back to the name it once had.
    town.import(&ROWS[..1]);
    assert_eq!(town.permit("city-permit-77").establishment, "NEW NAME, INC");
}

#[test]
fn a_record_that_did_not_come_from_the_source_is_left_alone() {
    let town = Town::new();
    let own = Appointment {
        establishment: "OURS".into(),
        ..Appointment::default()
    };
    town.put(vec![Record::new(RecordId::parse("city-1").unwrap(), own)]);
    assert_eq!(numbers(&town.import(&ROWS)), [3, 2, 0, 0, 1]);
    assert_eq!(town.visit("city-1").establishment, "OURS");
}

#[test]
fn an_import_that_was_interrupted_is_simply_run_again() {
    let town = Town::new();
    let row = |id: u32| ROWS[0].replacen("1,77", &format!("{id},{}", id % 700), 1);
    let rows: Vec<String> = (1..=1_200).map(row).collect();
    let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
    town.import_with(HEADER, &rows, MAPPING, true).unwrap();
    let options = Options {
        kind: "inspections".into(),
        file: town.folder.path().join("rows.csv"),
        mapping: town.folder.path().join("mapping.toml"),
        dry_run: false,
        report: None,
    };
    let broken_off = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        import::run(&town.office, &options, &mut |rows| assert!(rows < 1_000))
    }));
    assert!(broken_off.is_err());
    assert_eq!(numbers(&town.import(&rows)), [1_200, 200, 0, 1_000, 0]);
    assert_eq!(town.count("all#full"), 1_200 + 700 + 2);
}

#[test]
fn a_calendar_that_is_here_keeps_its_settings_and_its_teams_are_its_own() {
    let town = Town::new();
    town.import(&ROWS);
    let mut food = town.body("food").unwrap();
    if let Body::Calendar(calendar) = &mut food.body {
        calendar.name = "Restaurants".into();
    }
    town.put(vec![food]);
    town.import(&[&ROWS[0].replace("green", "blue")]);
    let Body::Calendar(calendar) = town.body("food").unwrap().body else {
        panic!("`food` is no calendar")
    };
    assert_eq!((calendar.name.as_str(), calendar.teams.len()), ("Restaurants", 2));
    let other = MAPPING.replace("\"food\"", "\"shops\"");
    let message = usage(town.import_with(HEADER, &ROWS, &other, false));
    assert!(
        message.contains("the team `green` belongs to the calendar `food`"),
        "{message}"
    );
}

#[test]
fn a_dry_run_says_what_it_would_do_and_writes_nothing() {
    let town = Town::new();
    let bad = "9,77,A,B,41,-87,2014-13-01,Canvass,Pass,green,3";
    let rows = [ROWS[0], ROWS[1], ROWS[2], bad];
    let said = town.import_with(HEADER, &rows, MAPPING, true).unwrap();
    assert_eq!(numbers(&said), [4, 3, 0, 0, 1]);
    assert_eq!((town.seq(), town.body("food"), town.told().len()), (0, None, 4));
    assert_eq!(said, town.import(&rows));
}

#[test]
fn the_real_file_comes_in_whole_and_a_team_sees_its_visits() {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    let shared =
        std::env::var_os("BAILIWICK_SHARED").map_or_else(|| manifest.join("../../shared"), PathBuf::from);
    let file = shared.join("data/chicago/inspections.csv.gz");
    if !file.exists() {
        eprintln!("SKIPPED: the real file is missing: {}", file.display());
        return;
    }
    let mapping = manifest.join("../docs/mappings/chicago-inspections.toml");
    let town = Town::new();
    for expected in [[27_600, 27_600, 0, 0, 0], [27_600, 0, 0, 27_600, 0]] {
        let begun = std::time::Instant::now();
        let summary = town.run(&file, &mapping, false).unwrap();
        println!(
            "{} in {:.1?}",
            serde_json::to_string(&summary).unwrap(),
            begun.elapsed()
        );
        assert_eq!(numbers(&summary), expected);
        let marks = ["coordinates", "zip", "ward", "inspector_group"]
            .map(|what| summary.marked[&format!("without_{what}")]);
        assert_eq!(
            (marks, summary.marked["several_names"]),
            ([110, 9, 2_914, 5_200], 123)
        );
    }
    let Body::Calendar(calendar) = town.body("food").unwrap().body else {
        panic!("`food` is no calendar")
    };
    let teams: Vec<&str> = calendar.teams.iter().map(|team| team.name.as_str()).collect();
    assert_eq!(teams.join(" "), "Blue Brown Green Orange Purple Yellow");
    assert!(!calendar.public);
    assert_eq!(town.count("all#full"), 27_600 + 12_367 + 2);
    assert_eq!(town.count("team/green#onsite"), 5_635);

    let may_see = views_of_inspector(&town, "team/green");
    let april = town.read(async |tx| tx.range(Kind::Appointment, "day", "2014-04").await);
    let is_green = |record: &Record| match &record.body {
        Body::Appointment(visit) => visit.team.as_ref().is_some_and(|team| team.as_str() == "green"),
        _ => false,
    };
    let sees = |record: &Record| record.views().iter().any(|view| may_see.contains(view));
    assert!(april.records.iter().any(is_green) && !april.records.iter().all(is_green));
    assert!(
        april
            .records
            .iter()
            .all(|record| sees(record) == is_green(record))
    );
}

/// The views of a person who is made an inspector in a scope.
fn views_of_inspector(town: &Town, scope: &str) -> BTreeSet<View> {
    let person = PersonId::parse("ana").unwrap();
    let profile = Person {
        name: "Ana".into(),
        ..Person::default()
    };
    let grant = serde_json::json!({
        "person": "ana",
        "role": "inspections.inspector",
        "scope": Scope::parse(scope).unwrap(),
        "granted_by": "Laura",
        "because": "Her team.",
    });
    let grant: GrantBody = serde_json::from_value(grant).unwrap();
    town.put(vec![
        Record::new(person.clone(), profile),
        Record::new(RecordId::parse("g1").unwrap(), grant),
    ]);
    let at = town.office.now();
    let rights = town.read(async |tx| store::rights_of(tx, &person, at).await);
    views::of_actor(&Actor::new(rights))
}
