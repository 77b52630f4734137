//! Imports, against a real office: small files written by hand, and the city's own 27,600 rows.

use domain::inspections::{Appointment, Note, Overall, Permit, Status};
use domain::people::{GrantBody, Person};
use domain::{Answer, Body, Effect, Record};
use policy::views::{self, View};
use policy::{Actor, Kind, OrgId, PersonId, RecordId, RoleName, Scope};
use server::import::{self, ImportError, Options, Summary};
use server::{Office, Opening};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use store::{Lookup, OfficeTx};

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
            database: folder.path().join("office.db"),
            data_dir: folder.path().join("data"),
            org: OrgId::parse("town").unwrap(),
        };
        Town { office: Office::open(&opening).unwrap(), folder }
    }

    fn report(&self) -> PathBuf {
        self.folder.path().join("report.jsonl")
    }

    fn run(&self, file: &Path, mapping: &Path, dry_run: bool) -> Result<Summary, ImportError> {
        let (file, mapping) = (file.to_owned(), mapping.to_owned());
        let options = Options { kind: "inspections".into(), file, mapping, dry_run, report: Some(self.report()) };
        import::run(&self.office, &options, &mut |_| {})
    }

    fn import_with(&self, header: &str, rows: &[&str], mapping: &str, dry_run: bool) -> Result<Summary, ImportError> {
        let (file, toml) = (self.folder.path().join("rows.csv"), self.folder.path().join("mapping.toml"));
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

    fn body(&self, id: &str) -> Option<Record> {
        let id = RecordId::parse(id).unwrap();
        match self.office.read(async |tx| Ok(tx.record(&id).await?)).unwrap() {
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
        let work = self.office.write(async |tx| Ok(((), store::write(tx, &effect).await?.1)));
        work.unwrap();
    }

    fn seq(&self) -> i64 {
        self.office.read(async |tx| Ok(tx.org().await?.seq)).unwrap()
    }

    fn count(&self, view: &str) -> u64 {
        let view = View::try_from(view.to_owned()).unwrap();
        let heads = self.office.read(async |tx| Ok(tx.view_heads(&[view]).await?)).unwrap();
        heads[0].map_or(0, |head| u64::try_from(head.tally.count).unwrap())
    }
}

fn usage(result: Result<Summary, ImportError>) -> String {
    match result {
        Err(error @ ImportError::Usage(_)) if error.exit_code() == 2 => error.to_string(),
        other => panic!("expected a usage error, got {other:?}"),
    }
}

fn numbers(summary: &Summary) -> [u64; 5] {
    [summary.read, summary.created, summary.updated, summary.unchanged, summary.refused]
}

#[test]
fn each_row_becomes_a_visit_with_the_name_it_was_made_under() {
    let town = Town::new();
    let summary = town.import(&ROWS);
    assert_eq!(numbers(&summary), [3, 3, 0, 0, 0]);
    assert_eq!(summary.marked["several_names"], 1);
    assert_eq!((summary.marked["without_coordinates"], summary.marked["without_ward"]), (1, 1));
    let (old, new, cafe) = (town.visit("city-1"), town.visit("city-2"), town.visit("city-3"));
    assert_eq!((old.establishment.as_str(), new.establishment.as_str()), ("OLD NAME", "NEW NAME, INC"));
    assert_eq!(old.status, Status::Completed);
    assert_eq!((old.from_minute, old.started_at, old.completed_at, old.assignee), (None, None, None, None));
    assert_eq!((cafe.latitude, cafe.longitude), (None, None));
    let result = cafe.result.unwrap();
    assert_eq!((result.overall, result.at), (Overall::PassedWithConditions, None));
    assert_eq!(cafe.source.unwrap().facts["result"], "Pass w/ Conditions");
    let permit = town.permit("city-permit-77");
    assert_eq!((permit.number.as_str(), permit.establishment.as_str()), ("77", "NEW NAME, INC"));
    assert_eq!((permit.permit_type.as_str(), permit.inspection_types[0].as_str()), ("Licence", "food-canvass"));
}

#[test]
fn a_wrong_header_writes_nothing() {
    let lacks = HEADER.replace("lon", "longitude");
    let twice = HEADER.replace("ward", "name");
    let more = format!("{HEADER},owner_phone");
    for (header, said) in [(lacks, "no column `lon`"), (twice, "`name` twice"), (more, "`owner_phone`")] {
        let town = Town::new();
        let message = usage(town.import_with(&header, &ROWS, MAPPING, false));
        assert!(message.contains(said) && message.contains("rows.csv:1"), "{message}");
        assert_eq!(town.seq(), 0);
    }
}

#[test]
fn a_wrong_mapping_writes_nothing() {
    let cases = [
        ("establishment = \"name\"", "shop = \"name\"", "mapping.toml:13: unknown field `shop`"),
        ("version = 1", "version = 2", "mapping.toml:2: version = 2: accepted is 1"),
        ("version = 1", "version = 1\ncolour = 3", "mapping.toml:3: unknown field `colour`"),
        ("format = \"%Y-%m-%d\"", "form = \"%Y-%m-%d\"", "mapping.toml:17: unknown field `form`"),
        ("format = \"%Y-%m-%d\"", "format = \"%Y\"", "`%Y` does not tell a day"),
        ("= \"failed\"", "= \"lost\"", "`lost` is not a result; accepted are passed"),
        ("team = \"group\"", "team = { column = \"crew\" }", "no column `crew`, which"),
    ];
    for (from, to, said) in cases {
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
    let good = ROWS[2];
    let cases = [
        ("9,77,A,B,41,-87,2014-13-01,Canvass,Pass,green,3", "day: `2014-13-01` is not a day"),
        ("9,77,A,B,41,-87,2014-01-01,Canvass,Closed,green,3", "result: `Closed` is not in the map"),
        ("9,77,A,B,91,-87,2014-01-01,Canvass,Pass,green,3", "lat: `91` is not a coordinate"),
        ("9,77,A,B,41,west,2014-01-01,Canvass,Pass,green,3", "lon: `west` is not a coordinate"),
        ("9,77,\"A,B,41,-87,2014-01-01,Canvass,Pass,green,3", "a quote is opened"),
        ("9,77,A,B,41,-87,2014-01-01,Canvass,Pass,green", "10 cells where the header has 11"),
        ("a b,77,A,B,41,-87,2014-01-01,Canvass,Pass,green,3", "`city-a b` is not an id"),
        ("9,,A,B,41,-87,2014-01-01,Canvass,Pass,green,3", "licence is empty"),
        ("1,77,A,B,41,-87,2014-01-01,Canvass,Pass,green,3", "already read in line 2"),
    ];
    for (bad, said) in cases {
        let town = Town::new();
        let summary = town.import(&[ROWS[0], bad, "", ROWS[1], good]);
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
    assert_eq!((town.visit("city-4").establishment.as_str(), town.told()[0].0), ("UP\nSTAIRS", 4));
}

#[test]
fn a_second_run_writes_only_what_changed_and_keeps_work_done_since() {
    let town = Town::new();
    town.import(&ROWS);
    let seq = town.seq();
    assert_eq!(numbers(&town.import(&ROWS)), [3, 0, 0, 3, 0]);
    assert_eq!(town.seq(), seq);
    let mut visit = town.visit("city-1");
    let note = Note { id: RecordId::parse("n1").unwrap(), by: "Ana".into(), at: 1, text: "Back door.".into() };
    visit.notes.push(note.clone());
    visit.special_notes = "Dog.".into();
    town.put(vec![Record::new(RecordId::parse("city-1").unwrap(), visit)]);
    assert_eq!(numbers(&town.import(&ROWS)), [3, 0, 0, 3, 0]);
    let moved = ROWS[0].replace("1 MAIN ST", "9 MAIN ST");
    assert_eq!(numbers(&town.import(&[&moved, ROWS[1], ROWS[2]])), [3, 0, 1, 2, 0]);
    let visit = town.visit("city-1");
    assert_eq!((visit.address.as_str(), visit.special_notes.as_str()), ("9 MAIN ST", "Dog."));
    assert_eq!(visit.notes, [note]);
    // An older file alone does not take the permit back to the name it once had.
    town.import(&ROWS[..1]);
    assert_eq!(town.permit("city-permit-77").establishment, "NEW NAME, INC");
}

#[test]
fn a_record_that_did_not_come_from_the_source_is_left_alone() {
    let town = Town::new();
    let own = Appointment { establishment: "OURS".into(), ..Appointment::default() };
    town.put(vec![Record::new(RecordId::parse("city-1").unwrap(), own)]);
    assert_eq!(numbers(&town.import(&ROWS)), [3, 2, 0, 0, 1]);
    assert_eq!(town.visit("city-1").establishment, "OURS");
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
    let shared = std::env::var_os("BAILIWICK_SHARED").map_or_else(|| manifest.join("../../shared"), PathBuf::from);
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
        println!("{} in {:.1?}", serde_json::to_string(&summary).unwrap(), begun.elapsed());
        assert_eq!(numbers(&summary), expected);
        let marks = ["coordinates", "zip", "ward", "inspector_group"].map(|what| summary.marked[&format!("without_{what}")]);
        assert_eq!((marks, summary.marked["several_names"]), ([110, 9, 2_914, 5_200], 123));
    }
    let calendars = town.office.read(async |tx| Ok(tx.range(Kind::Calendar, "all", "").await?.records)).unwrap();
    let Body::Calendar(calendar) = &calendars[0].body else { panic!("no calendar") };
    let teams: Vec<&str> = calendar.teams.iter().map(|team| team.name.as_str()).collect();
    assert_eq!((teams, calendar.public), (vec!["Blue", "Brown", "Green", "Orange", "Purple", "Yellow"], false));
    assert_eq!(town.count("all#full"), 27_600 + 12_367 + 2);
    assert_eq!(town.count("team/green#onsite"), 5_635);

    let views = inspector_of(&town, Scope::parse("team/green").unwrap());
    let sees = |id: &str| town.body(id).unwrap().views().iter().any(|view| views.contains(view));
    let all = town.office.read(async |tx| Ok(tx.range(Kind::Appointment, "day", "2014-05-1").await?.records)).unwrap();
    let green = |record: &Record| matches!(&record.body, Body::Appointment(visit) if visit.team.as_ref().is_some_and(|team| team.as_str() == "green"));
    assert!(all.iter().any(green) && !all.iter().all(green));
    assert!(all.iter().all(|record| sees(record.id.as_str()) == green(record)));
}

/// The views of a person who is made an inspector in a scope.
fn inspector_of(town: &Town, scope: Scope) -> BTreeSet<View> {
    let person = PersonId::parse("ana").unwrap();
    let profile = Person { name: "Ana".into(), ..blank() };
    let role = RoleName("inspections.inspector".into());
    let (granted_by, because) = ("The test".into(), "To look.".into());
    let grant = GrantBody { person: person.clone(), role, scope, from: None, until: None, granted_by, because, withdrawn: None };
    town.put(vec![
        Record::new(person.clone(), profile),
        Record::new(RecordId::parse("g1").unwrap(), grant),
    ]);
    let at = town.office.now();
    let rights = town.office.read(async |tx| Ok(store::rights_of(tx, &person, at).await?)).unwrap();
    views::of_actor(&Actor::new(rights))
}

fn blank() -> Person {
    serde_json::from_str(r#"{"name":""}"#).unwrap()
}
