//! What a transaction has read and is about to write. A record that changes twenty times in one transaction is written
//! once, and so is each view it stands in; the database is asked in bulk.

use crate::{Fault, OfficeTx, Org, Result, Standing, StoredCommand};
use domain::record::Fields;
use domain::{Answer, Body, CommandId, Range, Record};
use planted::{Bug, planted};
use policy::views::View;
use policy::{Kind, PersonId, RecordId, Rights};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError};
use sync::{Sum, Tally, row_hash};

/// A record as a database keeps it.
#[derive(Debug, Clone)]
pub struct RecordRow {
    /// The database's own short number for it.
    pub number: i64,
    pub id: String,
    pub kind: String,
    pub revision: i64,
    pub body: String,
}

impl RecordRow {
    pub(crate) fn read(&self) -> Result<Record> {
        let (id, kind) = (&self.id, &self.kind);
        let kind = Kind::named(kind).ok_or_else(|| Fault::Unreadable(format!("{id} is a {kind}")))?;
        Ok(Record {
            id: RecordId::parse(id).map_err(|error| Fault::Unreadable(error.to_string()))?,
            revision: self.revision,
            body: Body::from_json(kind, &self.body)?,
        })
    }
}

/// A record to be written.
#[derive(Debug)]
pub struct RecordChange {
    /// None where the database does not have it yet.
    pub number: Option<i64>,
    pub id: RecordId,
    pub kind: Kind,
    pub revision: i64,
    pub body: String,
    /// Name and key, for each index.
    pub keys: Vec<(&'static str, String)>,
    /// The views it stands in or has just left, by their place in [`Changes::views`].
    pub entries: Vec<EntryChange>,
}

/// An entry of a view's log to be written.
#[derive(Debug)]
pub struct EntryChange {
    pub view: usize,
    pub seq: i64,
    /// What the view counts it as; none where it has left.
    pub hash: Option<Sum>,
}

/// A view to be written.
#[derive(Debug)]
pub struct ViewChange {
    pub name: String,
    pub seq: i64,
    pub tally: Tally,
}

/// All that a transaction writes at once.
#[derive(Debug, Default)]
pub struct Changes<'a> {
    /// The organization's newest number.
    pub seq: i64,
    /// The same, where something was written that rights are derived from.
    pub rights_seq: Option<i64>,
    pub records: Vec<RecordChange>,
    pub views: Vec<ViewChange>,
    pub commands: Vec<&'a StoredCommand>,
}

/// What is known of a record in this transaction.
#[derive(Debug, Clone)]
struct Held {
    /// Number and revision in the database; none where it is not there. Unknown until it was looked up.
    stored: Option<Option<(i64, i64)>>,
    record: Option<Record>,
    /// How often it was written since the last flush, and under which number last.
    puts: i64,
    seq: i64,
}

/// What rights are derived from: a change of one of these may change anybody's.
const RIGHTS_KINDS: [Kind; 3] = [Kind::Grant, Kind::Calendar, Kind::Person];

/// People's rights as they were last derived: they hold until one of [`RIGHTS_KINDS`] is written. The connections of one office may
/// share it.
#[derive(Debug, Clone, Default)]
pub struct Memory(Arc<Mutex<HashMap<PersonId, (Origin, Derived)>>>);

/// Somebody's rights without regard to the hour, and what they came to when they were last asked for.
type Derived = (Arc<Rights>, Arc<Standing>);

/// What rights were derived from.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Origin {
    rights_seq: i64,
    incarnation: String,
    zone: String,
}

/// The memory of one transaction.
#[derive(Debug, Default)]
pub struct Book {
    remembered: Memory,
    /// It has written something, so what it reads is not yet what others read.
    has_written: bool,
    pub(crate) org: Option<Org>,
    seq_is_new: bool,
    records: BTreeMap<RecordId, Held>,
    /// Those written since the last flush.
    dirty: BTreeSet<RecordId>,
    commands: HashMap<CommandId, Option<StoredCommand>>,
    new_commands: Vec<StoredCommand>,
    changed: BTreeSet<View>,
}

impl Book {
    pub(crate) fn new(remembered: &Memory) -> Book {
        Book {
            remembered: remembered.clone(),
            ..Book::default()
        }
    }

    fn origin(&self) -> Option<Origin> {
        let org = self.org.as_ref().filter(|_| !self.has_written)?;
        Some(Origin {
            rights_seq: org.rights_seq,
            incarnation: org.incarnation.clone(),
            zone: org.zone.clone(),
        })
    }

    /// A person's rights, where they were derived before and nothing has changed since. The organization's row must have
    /// been read.
    pub(crate) fn recall(&self, person: &PersonId) -> Option<Derived> {
        let origin = self.origin()?;
        let remembered = self.remembered.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (from, derived) = remembered.get(person)?;
        (*from == origin || planted(Bug::StaleRights)).then(|| derived.clone())
    }

    /// Keeps a person's rights for the next transaction.
    pub(crate) fn remember(&self, rights: &Arc<Rights>, standing: &Arc<Standing>) {
        if let Some(origin) = self.origin() {
            let mut remembered = self.remembered.0.lock().unwrap_or_else(PoisonError::into_inner);
            let derived = (Arc::clone(rights), Arc::clone(standing));
            remembered.insert(rights.person.clone(), (origin, derived));
        }
    }

    fn is_clean(&self) -> bool {
        !self.seq_is_new && self.new_commands.is_empty() && self.dirty.is_empty()
    }

    /// The views that this transaction has changed.
    pub(crate) fn changed(&mut self) -> BTreeSet<View> {
        std::mem::take(&mut self.changed)
    }

    pub(crate) fn touch(&mut self, view: View) {
        self.changed.insert(view);
    }

    fn dirty(&self) -> impl Iterator<Item = (&RecordId, &Held)> {
        self.dirty.iter().filter_map(|id| self.records.get_key_value(id))
    }
}

/// The organization's row, read once.
pub(crate) async fn org<T: OfficeTx>(tx: &mut T) -> Result<Org> {
    if let Some(org) = &tx.book().org {
        return Ok(org.clone());
    }
    let org = tx.load_org().await?;
    Ok(tx.book().org.insert(org).clone())
}

pub(crate) async fn next_seq<T: OfficeTx>(tx: &mut T) -> Result<i64> {
    org(tx).await?;
    let book = tx.book();
    book.seq_is_new = true;
    book.has_written = true;
    let org = book
        .org
        .as_mut()
        .ok_or_else(|| Fault::Other("no organization".to_owned()))?;
    org.seq += 1;
    Ok(org.seq)
}

/// Reads records that are about to be asked for, all at once.
pub(crate) async fn prefetch<T: OfficeTx>(tx: &mut T, ids: &[RecordId]) -> Result<()> {
    let wanted: BTreeSet<&RecordId> = ids
        .iter()
        .filter(|id| !tx.book().records.contains_key(*id))
        .collect();
    let wanted: Vec<RecordId> = wanted.into_iter().cloned().collect();
    if wanted.is_empty() {
        return Ok(());
    }
    let rows = tx.load_records(&wanted).await?;
    let absent = Held {
        stored: Some(None),
        record: None,
        puts: 0,
        seq: 0,
    };
    let book = tx.book();
    book.records
        .extend(wanted.into_iter().map(|id| (id, absent.clone())));
    for row in rows {
        let record = row.read()?;
        let held = Held {
            stored: Some(Some((row.number, row.revision))),
            record: Some(record),
            ..absent.clone()
        };
        let id = RecordId::parse(row.id).map_err(|error| Fault::Unreadable(error.to_string()))?;
        book.records.insert(id, held);
    }
    Ok(())
}

pub(crate) async fn record<T: OfficeTx>(tx: &mut T, id: &RecordId) -> Result<Answer> {
    prefetch(tx, std::slice::from_ref(id)).await?;
    let held = tx.book().records.get(id);
    Ok(held
        .and_then(|held| held.record.clone())
        .map_or(Answer::Absent, Answer::Found))
}

/// The records of a kind whose key in an index is accepted, as they are in this transaction.
pub(crate) async fn indexed<T: OfficeTx>(
    tx: &mut T,
    rows: Vec<RecordRow>,
    (kind, index): (Kind, &str),
    accepts: impl Fn(&str) -> bool,
) -> Result<Vec<Record>> {
    let book = tx.book();
    let mut records = BTreeMap::new();
    for row in rows {
        let record = row.read()?;
        records.insert(record.id.clone(), record);
    }
    for record in book.dirty().filter_map(|(_, held)| held.record.as_ref()) {
        if record.kind() == kind {
            records.insert(record.id.clone(), record.clone());
        }
    }
    let mut found = Vec::new();
    for record in records.into_values() {
        for (name, key) in record.index_keys() {
            if name == index && accepts(&key) {
                found.push((key, record.clone()));
            }
        }
    }
    found.sort_by(|(a, left), (b, right)| (a, &left.id).cmp(&(b, &right.id)));
    Ok(found.into_iter().map(|(_, record)| record).collect())
}

pub(crate) async fn range<T: OfficeTx>(tx: &mut T, kind: Kind, index: &str, prefix: &str) -> Result<Range> {
    let rows = tx.load_range(kind, index, prefix).await?;
    Ok(Range {
        records: indexed(tx, rows, (kind, index), |key| key.starts_with(prefix)).await?,
        complete: true,
    })
}

/// Notes that a record is as given from a number on.
pub(crate) fn put(book: &mut Book, seq: i64, record: &Record) {
    let held = book.records.entry(record.id.clone()).or_insert(Held {
        stored: None,
        record: None,
        puts: 0,
        seq: 0,
    });
    book.dirty.insert(record.id.clone());
    held.puts += 1;
    held.seq = seq;
    let before = held.stored.flatten().map_or(0, |(_, revision)| revision);
    held.record = Some(Record {
        revision: before + held.puts,
        ..record.clone()
    });
}

pub(crate) async fn prefetch_commands<T: OfficeTx>(tx: &mut T, ids: &[CommandId]) -> Result<()> {
    let wanted: Vec<CommandId> = ids
        .iter()
        .filter(|id| !tx.book().commands.contains_key(*id))
        .cloned()
        .collect();
    if wanted.is_empty() {
        return Ok(());
    }
    let found = tx.load_commands(&wanted).await?;
    let book = tx.book();
    book.commands.extend(wanted.into_iter().map(|id| (id, None)));
    book.commands.extend(
        found
            .into_iter()
            .map(|command| (command.id.clone(), Some(command))),
    );
    Ok(())
}

pub(crate) async fn command<T: OfficeTx>(tx: &mut T, id: &CommandId) -> Result<Option<StoredCommand>> {
    prefetch_commands(tx, std::slice::from_ref(id)).await?;
    Ok(tx.book().commands.get(id).cloned().flatten())
}

pub(crate) fn save_command(book: &mut Book, command: &StoredCommand) {
    book.commands.insert(command.id.clone(), Some(command.clone()));
    book.new_commands.push(command.clone());
}

/// Writes what has not been written yet.
pub(crate) async fn flush<T: OfficeTx>(tx: &mut T) -> Result<()> {
    if tx.book().is_clean() {
        return Ok(());
    }
    learn_what_is_stored(tx).await?;
    let changed: Vec<Held> = tx.book().dirty().map(|(_, held)| held.clone()).collect();
    let numbers: Vec<i64> = changed
        .iter()
        .filter_map(|held| held.stored.flatten().map(|(number, _)| number))
        .collect();
    let mut before: HashMap<i64, BTreeMap<String, Sum>> = HashMap::new();
    for (number, view, sum) in tx.load_entries_of(&numbers).await? {
        before.entry(number).or_default().insert(view, sum);
    }
    let mut plan = Plan::default();
    for held in changed {
        let number = held.stored.flatten().map(|(number, _)| number);
        let before = number
            .and_then(|number| before.remove(&number))
            .unwrap_or_default();
        plan.add(held, number, before)?;
    }
    let views = plan.settle(tx).await?;
    let seq = org(tx).await?.seq;
    let commands = std::mem::take(&mut tx.book().new_commands);
    let decides_rights = |record: &RecordChange| RIGHTS_KINDS.contains(&record.kind);
    let changes = Changes {
        seq,
        rights_seq: plan.records.iter().any(decides_rights).then_some(seq),
        records: plan.records,
        views,
        commands: commands.iter().collect(),
    };
    tx.save(&changes).await?;
    let book = tx.book();
    book.seq_is_new = false;
    book.dirty.clear();
    for record in &changes.records {
        if let Some(held) = book.records.get_mut(&record.id) {
            held.puts = 0;
            held.stored = record.number.map(|number| Some((number, record.revision)));
        }
    }
    for view in &changes.views {
        book.changed.extend(View::try_from(view.name.clone()).ok());
    }
    Ok(())
}

/// Records written blindly, as an import does, are looked up now, all at once.
async fn learn_what_is_stored<T: OfficeTx>(tx: &mut T) -> Result<()> {
    let dirty = tx.book().dirty();
    let unknown: Vec<RecordId> = dirty
        .filter(|(_, held)| held.stored.is_none())
        .map(|(id, _)| id.clone())
        .collect();
    if unknown.is_empty() {
        return Ok(());
    }
    let mut stored: HashMap<String, (i64, i64)> = HashMap::new();
    for row in tx.load_records(&unknown).await? {
        stored.insert(row.id, (row.number, row.revision));
    }
    let book = tx.book();
    for id in unknown {
        if let Some(held) = book.records.get_mut(&id) {
            held.stored = Some(stored.get(id.as_str()).copied());
        }
    }
    Ok(())
}

/// The changes in the making.
#[derive(Default)]
struct Plan {
    records: Vec<RecordChange>,
    names: HashMap<String, usize>,
    views: Vec<ViewPlan>,
}

struct ViewPlan {
    name: String,
    seq: i64,
    lost: Vec<Sum>,
    gained: Vec<Sum>,
}

impl Plan {
    fn view(&mut self, name: String, seq: i64) -> (usize, &mut ViewPlan) {
        let next = self.views.len();
        let index = *self.names.entry(name.clone()).or_insert(next);
        if index == next {
            self.views.push(ViewPlan {
                name,
                seq,
                lost: Vec::new(),
                gained: Vec::new(),
            });
        }
        let view = &mut self.views[index];
        view.seq = view.seq.max(seq);
        (index, view)
    }

    fn add(&mut self, held: Held, number: Option<i64>, mut before: BTreeMap<String, Sum>) -> Result<()> {
        let Some(record) = held.record else {
            return Ok(());
        };
        let seq = held.seq;
        let body = serde_json::to_string(&in_order(record.body.to_value()?))?;
        let fields = Fields::of(&body)?;
        let mut hashes = BTreeMap::new();
        let mut entries = Vec::new();
        for view in record.views() {
            let hash = match hashes.get(&view.mask) {
                Some(hash) => *hash,
                None => {
                    let shown = fields.cut(record.kind(), view.mask)?;
                    let hash = row_hash(&record.id, &shown);
                    hashes.insert(view.mask, hash);
                    hash
                }
            };
            let name = view.to_string();
            let old = before.remove(&name);
            let (view, plan) = self.view(name, seq);
            plan.lost.extend(old);
            plan.gained.push(hash);
            entries.push(EntryChange {
                view,
                seq,
                hash: Some(hash),
            });
        }
        for (name, old) in before {
            let (view, plan) = self.view(name, seq);
            plan.lost.push(old);
            entries.push(EntryChange {
                view,
                seq,
                hash: None,
            });
        }
        self.records.push(RecordChange {
            number,
            revision: held.stored.flatten().map_or(0, |(_, revision)| revision) + held.puts,
            kind: record.kind(),
            body,
            keys: record.index_keys(),
            id: record.id,
            entries,
        });
        Ok(())
    }

    /// The views with their new tallies, in the order the entries count them in.
    async fn settle<T: OfficeTx>(&mut self, tx: &mut T) -> Result<Vec<ViewChange>> {
        let names: Vec<String> = self.views.iter().map(|view| view.name.clone()).collect();
        let heads = tx.load_heads(&names).await?;
        let tallies = heads.into_iter().map(|head| head.unwrap_or_default().tally);
        let views = std::mem::take(&mut self.views);
        Ok(views
            .into_iter()
            .zip(tallies)
            .map(|(view, mut tally)| {
                view.lost.iter().for_each(|sum| tally.remove(*sum));
                view.gained.iter().for_each(|sum| tally.add(*sum));
                ViewChange {
                    name: view.name,
                    seq: view.seq,
                    tally,
                }
            })
            .collect())
    }
}

/// The same value with the fields of every object in the order of their names: what a view counts a record as must not
/// depend on how the program that wrote it was built.
fn in_order(value: Value) -> Value {
    match value {
        Value::Object(fields) => {
            let fields: BTreeMap<String, Value> = fields.into_iter().collect();
            let fields = fields.into_iter().map(|(name, value)| (name, in_order(value)));
            Value::Object(fields.collect())
        }
        Value::Array(values) => Value::Array(values.into_iter().map(in_order).collect()),
        other => other,
    }
}
