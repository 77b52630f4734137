//! The office's embedded database.

mod photos;

use super::{guard, migrate, version};
use crate::book::{self, Book, Memory};
use crate::{
    Account, Changes, DeviceRow, Entry, Fault, HeldBy, Holding, Lookup, NewDevice, OfficeTx, Org,
    RecordChange, RecordRow, Result, StoredCommand, StoredPhoto, ViewHead,
};
use domain::{Answer, CommandId, Range};
use policy::views::View;
use policy::{Kind, Millis, OrgId, PersonId, RecordId};
use rusqlite::{Connection, OptionalExtension, Row, Transaction, TransactionBehavior, params};
use std::collections::BTreeSet;
use std::path::Path;
use sync::{Receipt, Sum, Tally};

pub const STEPS: &[&str] = &[
    include_str!("../../../../migrations/sqlite/0001_office.sql"),
    include_str!("../../../../migrations/sqlite/0002_reports.sql"),
    include_str!("../../../../migrations/sqlite/0003_rights.sql"),
    include_str!("../../../../migrations/sqlite/0004_photo_sent.sql"),
    include_str!("../../../../migrations/sqlite/0005_photos_of_a_day.sql"),
    include_str!("../../../../migrations/sqlite/0006_shut_out.sql"),
    include_str!("../../../../migrations/sqlite/0007_emergency.sql"),
    include_str!("../../../../migrations/sqlite/0008_log.sql"),
    include_str!("../../../../migrations/sqlite/0009_turns.sql"),
];

/// One connection to the office's database.
pub struct OfficeDb {
    pub(super) db: Connection,
    org: OrgId,
    pub(crate) remembered: Memory,
    /// How many rows of a table have been carried out of it.
    pub(super) carried: i64,
}

impl OfficeDb {
    /// Opens a database file, or one in memory, and brings it up to date.
    pub fn open(path: Option<&Path>, org: &OrgId) -> Result<OfficeDb> {
        let db = match path {
            Some(path) => Connection::open(path)?,
            None => Connection::open_in_memory()?,
        };
        OfficeDb::on(db, org)
    }

    /// One more connection to a database file: it keeps fewer pages in memory than the first, because there are several.
    pub fn open_another(path: &Path, org: &OrgId) -> Result<OfficeDb> {
        let opened = OfficeDb::open(Some(path), org)?;
        opened.db.execute_batch("PRAGMA cache_size = -16000")?;
        Ok(opened)
    }

    /// An office on a database that is open already.
    pub fn on(mut db: Connection, org: &OrgId) -> Result<OfficeDb> {
        db.busy_timeout(std::time::Duration::from_secs(10))?;
        version(&db, STEPS)?;
        guard(&db)?;
        // A busy morning writes the same pages again and again: 32 MiB of journal are written back at once.
        db.execute_batch(
            "PRAGMA journal_mode = WAL;
             PRAGMA synchronous = FULL;
             PRAGMA temp_store = MEMORY;
             PRAGMA cache_size = -64000;
             PRAGMA wal_autocheckpoint = 8000;",
        )?;
        migrate(&mut db, STEPS)?;
        let org = org.clone();
        Ok(OfficeDb {
            db,
            org,
            remembered: Memory::default(),
            carried: 0,
        })
    }

    /// The database, to look into.
    pub fn db(&self) -> &Connection {
        &self.db
    }

    /// The database, to put another's content in its place; [`OfficeDb::restart`] afterwards.
    pub fn db_mut(&mut self) -> &mut Connection {
        &mut self.db
    }

    /// The database, to keep it when the office is closed.
    pub fn into_db(self) -> Connection {
        self.db
    }

    /// Forgets all that is not in the database, as when the process ends and another opens it.
    pub fn restart(&mut self) {
        self.remembered = Memory::default();
        self.carried = 0;
    }

    /// Begins a transaction that may write; it holds the organization's lock to its end.
    pub fn write(&mut self) -> Result<SqliteTx<'_>> {
        let tx = self
            .db
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        Ok(SqliteTx {
            tx,
            org: self.org.clone(),
            book: Book::new(&self.remembered),
        })
    }

    /// Begins a transaction that only reads: one snapshot.
    pub fn read(&mut self) -> Result<SqliteTx<'_>> {
        let tx = self.db.transaction_with_behavior(TransactionBehavior::Deferred)?;
        Ok(SqliteTx {
            tx,
            org: self.org.clone(),
            book: Book::new(&self.remembered),
        })
    }

    /// Writes a whole copy of the database to a file.
    pub fn backup(&mut self, to: &Path) -> Result<()> {
        let to = to.to_string_lossy();
        self.db.execute("VACUUM INTO ?", [to.as_ref()])?;
        Ok(())
    }
}

/// A transaction of the embedded database.
pub struct SqliteTx<'a> {
    pub(super) tx: Transaction<'a>,
    pub(super) org: OrgId,
    book: Book,
}

/// What every query for records selects.
const RECORD: &str = "SELECT r.n, r.id, r.kind, r.revision, r.body FROM";

fn record_row(row: &Row<'_>) -> rusqlite::Result<RecordRow> {
    Ok(RecordRow {
        number: row.get(0)?,
        id: row.get(1)?,
        kind: row.get(2)?,
        revision: row.get(3)?,
        body: row.get(4)?,
    })
}

pub(super) fn person(text: String) -> Result<PersonId> {
    PersonId::parse(text).map_err(|error| Fault::Unreadable(error.to_string()))
}

impl SqliteTx<'_> {
    fn records(&self, rest: &str, args: &[&dyn rusqlite::ToSql]) -> Result<Vec<RecordRow>> {
        let mut statement = self.tx.prepare_cached(&format!("{RECORD} {rest}"))?;
        let rows = statement.query_map(args, record_row)?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Writes the row itself; gives its number.
    fn save_row(&self, change: &RecordChange) -> Result<i64> {
        if let Some(number) = change.number {
            let mut save = self
                .tx
                .prepare_cached("UPDATE record SET revision = ?, body = ? WHERE n = ?")?;
            save.execute(params![change.revision, change.body, number])?;
            return Ok(number);
        }
        let mut save = self
            .tx
            .prepare_cached("INSERT INTO record (org, id, kind, revision, body) VALUES (?, ?, ?, ?, ?)")?;
        Ok(save.insert(params![
            self.org.as_str(),
            change.id.as_str(),
            change.kind.name(),
            change.revision,
            change.body
        ])?)
    }

    /// Writes the keys that changed.
    fn save_keys(&self, n: i64, change: &RecordChange) -> Result<()> {
        let (org, kind) = (self.org.as_str(), change.kind.name());
        let mut before = BTreeSet::new();
        if change.number.is_some() {
            let mut find = self
                .tx
                .prepare_cached("SELECT name, key FROM record_key WHERE n = ?")?;
            let rows = find.query_map([n], |row| Ok((row.get(0)?, row.get(1)?)))?;
            before = rows.collect::<rusqlite::Result<BTreeSet<(String, String)>>>()?;
        }
        let mut add = self.tx.prepare_cached(
            "INSERT INTO record_key (org, kind, name, key, n) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        )?;
        for (name, key) in &change.keys {
            if !before.remove(&((*name).to_owned(), key.clone())) {
                add.execute(params![org, kind, name, key, n])?;
            }
        }
        for (name, key) in before {
            self.tx
                .prepare_cached(
                    "DELETE FROM record_key WHERE org = ? AND kind = ? AND name = ? AND key = ? AND n = ?",
                )?
                .execute(params![org, kind, name, key, n])?;
        }
        Ok(())
    }

    fn save_entries(&self, n: i64, change: &RecordChange, views: &[i64]) -> Result<()> {
        let mut save = self.tx.prepare_cached(
            "INSERT INTO entry (view, n, seq, present, hash) VALUES (?, ?, ?, ?, ?)
             ON CONFLICT (view, n) DO UPDATE SET seq = excluded.seq, present = excluded.present, hash = excluded.hash",
        )?;
        for entry in &change.entries {
            let hash = entry.hash.unwrap_or_default().to_bytes();
            save.execute(params![
                views[entry.view],
                n,
                entry.seq,
                entry.hash.is_some(),
                hash
            ])?;
        }
        Ok(())
    }

    fn save_one_command(&self, command: &StoredCommand) -> Result<()> {
        let mut save = self.tx.prepare_cached(
            "INSERT INTO command
               (org, id, body_hash, person, device, name, targets, claimed_at, received_at, seq, answer, envelope)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
             ON CONFLICT (org, id) DO UPDATE SET device = excluded.device, received_at = excluded.received_at,
               seq = excluded.seq, answer = excluded.answer, envelope = excluded.envelope",
        )?;
        save.execute(params![
            self.org.as_str(),
            command.id.as_str(),
            command.body_hash,
            command.person.as_str(),
            command.device,
            command.name,
            serde_json::to_string(&command.targets)?,
            command.claimed_at,
            command.received_at,
            command.seq,
            serde_json::to_string(&command.answer)?,
            command.envelope,
        ])?;
        Ok(())
    }

    fn load_command(&self, id: &CommandId) -> Result<Option<StoredCommand>> {
        let mut find = self.tx.prepare_cached(
            "SELECT body_hash, person, device, name, targets, claimed_at, received_at, seq, answer, envelope
             FROM command WHERE org = ? AND id = ?",
        )?;
        let row = find.query_row(params![self.org.as_str(), id.as_str()], |row| {
            let texts: (String, String, String) = (row.get(1)?, row.get(4)?, row.get(8)?);
            let hash: Vec<u8> = row.get(0)?;
            Ok((
                texts,
                hash,
                row.get(2)?,
                row.get(3)?,
                row.get(5)?,
                row.get(6)?,
                row.get(7)?,
                row.get(9)?,
            ))
        });
        let Some(((who, targets, answer), hash, device, name, claimed_at, received_at, seq, envelope)) =
            row.optional()?
        else {
            return Ok(None);
        };
        Ok(Some(StoredCommand {
            id: id.clone(),
            body_hash: hash
                .try_into()
                .map_err(|_| Fault::Unreadable(format!("hash of command {}", id.as_str())))?,
            person: person(who)?,
            device,
            name,
            targets: serde_json::from_str(&targets)?,
            claimed_at,
            received_at,
            seq,
            answer: serde_json::from_str(&answer)?,
            envelope,
        }))
    }
}

impl Lookup for SqliteTx<'_> {
    async fn record(&mut self, id: &RecordId) -> Result<Answer> {
        book::record(self, id).await
    }

    async fn range(&mut self, kind: Kind, index: &str, prefix: &str) -> Result<Range> {
        book::range(self, kind, index, prefix).await
    }
}

impl OfficeTx for SqliteTx<'_> {
    fn book(&mut self) -> &mut Book {
        &mut self.book
    }

    async fn load_org(&mut self) -> Result<Org> {
        let sql = "SELECT name, zone, seq, rights_seq, incarnation, policy_version, secret, removals_from
             FROM org WHERE id = ?";
        let org = self
            .tx
            .prepare_cached(sql)?
            .query_row([self.org.as_str()], |row| {
                Ok(Org {
                    id: self.org.clone(),
                    name: row.get(0)?,
                    zone: row.get(1)?,
                    seq: row.get(2)?,
                    rights_seq: row.get(3)?,
                    incarnation: row.get(4)?,
                    policy_version: row.get(5)?,
                    secret: row.get(6)?,
                    removals_from: row.get(7)?,
                })
            })?;
        Ok(org)
    }

    async fn load_records(&mut self, ids: &[RecordId]) -> Result<Vec<RecordRow>> {
        let mut rows = Vec::with_capacity(ids.len());
        let mut find = self
            .tx
            .prepare_cached(&format!("{RECORD} record r WHERE r.org = ? AND r.id = ?"))?;
        for id in ids {
            let found = find.query_row([self.org.as_str(), id.as_str()], record_row);
            rows.extend(found.optional()?);
        }
        Ok(rows)
    }

    async fn load_range(&mut self, kind: Kind, index: &str, prefix: &str) -> Result<Vec<RecordRow>> {
        let rest = "record_key k JOIN record r ON r.n = k.n
                    WHERE k.org = ? AND k.kind = ? AND k.name = ? AND k.key >= ? AND k.key < ?";
        let after = crate::lookup::after_prefix(prefix);
        self.records(rest, &[&self.org.as_str(), &kind.name(), &index, &prefix, &after])
    }

    async fn load_after(&mut self, kind: Kind, number: i64, limit: usize) -> Result<Vec<RecordRow>> {
        let rest = "record r WHERE r.org = ? AND r.kind = ? AND r.n > ? ORDER BY r.n LIMIT ?";
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        self.records(rest, &[&self.org.as_str(), &kind.name(), &number, &limit])
    }

    async fn load_keyed(&mut self, kind: Kind, index: &str, key: &str) -> Result<Vec<RecordRow>> {
        let rest = "record_key k JOIN record r ON r.n = k.n
                    WHERE k.org = ? AND k.kind = ? AND k.name = ? AND k.key = ?";
        self.records(rest, &[&self.org.as_str(), &kind.name(), &index, &key])
    }

    async fn load_entries_of(&mut self, numbers: &[i64]) -> Result<Vec<(i64, String, Sum)>> {
        let mut find = self.tx.prepare_cached(
            "SELECT v.name, e.hash FROM entry e JOIN view v ON v.id = e.view WHERE e.n = ? AND e.present",
        )?;
        let mut found = Vec::new();
        for number in numbers {
            let rows = find.query_map([number], |row| {
                let hash: Vec<u8> = row.get(1)?;
                Ok((*number, row.get(0)?, Sum::from_bytes(&hash)))
            })?;
            for row in rows {
                found.push(row?);
            }
        }
        Ok(found)
    }

    async fn load_heads(&mut self, names: &[String]) -> Result<Vec<Option<ViewHead>>> {
        let mut find = self
            .tx
            .prepare_cached("SELECT id, seq, count, sum FROM view WHERE org = ? AND name = ?")?;
        let mut head = |name: &String| {
            find.query_row(params![self.org.as_str(), name], |row| {
                let sum: Vec<u8> = row.get(3)?;
                let tally = Tally {
                    count: row.get(2)?,
                    sum: Sum::from_bytes(&sum),
                };
                Ok(ViewHead {
                    id: row.get(0)?,
                    seq: row.get(1)?,
                    tally,
                })
            })
            .optional()
        };
        Ok(names.iter().map(&mut head).collect::<rusqlite::Result<_>>()?)
    }

    async fn load_commands(&mut self, ids: &[CommandId]) -> Result<Vec<StoredCommand>> {
        let found = ids.iter().map(|id| self.load_command(id));
        found.filter_map(Result::transpose).collect()
    }

    async fn save(&mut self, changes: &Changes<'_>) -> Result<()> {
        self.tx
            .prepare_cached("UPDATE org SET seq = ?, rights_seq = coalesce(?, rights_seq) WHERE id = ?")?
            .execute(params![changes.seq, changes.rights_seq, self.org.as_str()])?;
        let mut save_view = self.tx.prepare_cached(
            "INSERT INTO view (org, name, seq, count, sum) VALUES (?, ?, ?, ?, ?)
             ON CONFLICT (org, name) DO UPDATE SET seq = excluded.seq, count = excluded.count, sum = excluded.sum
             RETURNING id",
        )?;
        let mut views = Vec::with_capacity(changes.views.len());
        for view in &changes.views {
            let sum = view.tally.sum.to_bytes();
            let args = params![self.org.as_str(), view.name, view.seq, view.tally.count, sum];
            views.push(save_view.query_row(args, |row| row.get(0))?);
        }
        for change in &changes.records {
            let n = self.save_row(change)?;
            self.save_keys(n, change)?;
            self.save_entries(n, change, &views)?;
        }
        changes
            .commands
            .iter()
            .try_for_each(|command| self.save_one_command(command))
    }

    async fn announce(&mut self, _: i64, _: &BTreeSet<View>) -> Result<()> {
        // Other processes look at the organization's number now and then.
        Ok(())
    }

    async fn close(self) -> Result<()> {
        Ok(self.tx.commit()?)
    }

    async fn ensure_org(&mut self, org: &Org) -> Result<()> {
        let sql = "INSERT INTO org (id, name, zone, seq, incarnation, policy_version, secret) VALUES (?, ?, ?, ?, ?, ?, ?)
             ON CONFLICT DO NOTHING";
        self.tx.prepare_cached(sql)?.execute(params![
            org.id.as_str(),
            org.name,
            org.zone,
            org.seq,
            org.incarnation,
            org.policy_version,
            org.secret
        ])?;
        Ok(())
    }

    async fn rename_org(&mut self, name: &str, zone: &str) -> Result<()> {
        let args = params![name, zone, self.org.as_str()];
        self.tx
            .prepare_cached("UPDATE org SET name = ?, zone = ? WHERE id = ?")?
            .execute(args)?;
        Ok(())
    }

    async fn note_policy(&mut self, version: u32) -> Result<()> {
        let args = params![version, self.org.as_str()];
        self.tx
            .execute("UPDATE org SET policy_version = ? WHERE id = ?", args)?;
        Ok(())
    }

    async fn forget_removals(&mut self, before: Millis, most: usize) -> Result<usize> {
        let org = self.org.as_str();
        // The number of the newest command that is old enough.
        let sql = "SELECT seq FROM command WHERE org = ? AND received_at < ? AND seq IS NOT NULL
             ORDER BY received_at DESC LIMIT 1";
        let mut find = self.tx.prepare(sql)?;
        let Some(upto) = find
            .query_row(params![org, before], |row| row.get::<_, i64>(0))
            .optional()?
        else {
            return Ok(0);
        };
        // A cross join is read in the order it is written: by the index of removals, and not the whole log.
        let mut find = self.tx.prepare(
            "SELECT e.view, e.n, e.seq FROM entry e CROSS JOIN view v ON v.id = e.view
             WHERE e.present = 0 AND e.seq <= ? AND v.org = ? ORDER BY e.seq LIMIT ?",
        )?;
        let args = params![upto, org, i64::try_from(most).unwrap_or(i64::MAX)];
        let found = find.query_map(args, |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
        let oldest: Vec<(i64, i64, i64)> = found.collect::<rusqlite::Result<_>>()?;
        let Some((.., newest)) = oldest.last() else {
            return Ok(0);
        };
        let sql = "UPDATE org SET removals_from = max(removals_from, ?) WHERE id = ?";
        self.tx.execute(sql, params![newest, org])?;
        self.book.org = None;
        let mut take = self.tx.prepare("DELETE FROM entry WHERE view = ? AND n = ?")?;
        for (view, n, _) in &oldest {
            take.execute([view, n])?;
        }
        Ok(oldest.len())
    }

    async fn begin_incarnation(&mut self, incarnation: &str) -> Result<()> {
        let args = params![incarnation, self.org.as_str()];
        self.tx
            .prepare_cached("UPDATE org SET incarnation = ? WHERE id = ?")?
            .execute(args)?;
        Ok(())
    }

    async fn entries(&mut self, view: &ViewHead, after: i64, limit: usize) -> Result<Vec<Entry>> {
        let mut find = self.tx.prepare_cached(
            "SELECT e.seq, r.id, e.present, r.kind, r.revision, r.body
             FROM entry e JOIN record r ON r.n = e.n WHERE e.view = ? AND e.seq > ? ORDER BY e.seq, e.n LIMIT ?",
        )?;
        let rows = find.query_map(
            params![view.id, after, i64::try_from(limit).unwrap_or(i64::MAX)],
            |row| {
                let id: String = row.get(1)?;
                let kind: String = row.get(3)?;
                Ok((row.get(0)?, id, row.get(2)?, kind, row.get(4)?, row.get(5)?))
            },
        )?;
        rows.map(|row| {
            let (seq, id, present, kind, revision, body): (i64, String, bool, String, i64, String) = row?;
            let id = RecordId::parse(id).map_err(|error| Fault::Unreadable(error.to_string()))?;
            let kind = Kind::named(&kind).ok_or_else(|| Fault::Unreadable(format!("{id} is a {kind}")))?;
            Ok(Entry {
                seq,
                id,
                row: present.then_some((kind, revision, body)),
            })
        })
        .collect()
    }

    async fn account(&mut self, username: &str) -> Result<Option<Account>> {
        let sql =
            "SELECT person, username, password_hash, is_active FROM account WHERE org = ? AND username = ?";
        let row = self
            .tx
            .prepare_cached(sql)?
            .query_row(params![self.org.as_str(), username], |row| {
                let who: String = row.get(0)?;
                Ok((who, row.get(1)?, row.get(2)?, row.get(3)?))
            });
        let Some((who, username, password_hash, is_active)) = row.optional()? else {
            return Ok(None);
        };
        Ok(Some(Account {
            person: person(who)?,
            username,
            password_hash,
            is_active,
        }))
    }

    async fn save_account(&mut self, account: &Account) -> Result<()> {
        let sql = "INSERT INTO account (org, person, username, password_hash, is_active) VALUES (?, ?, ?, ?, ?)
             ON CONFLICT (org, person) DO UPDATE SET
               username = excluded.username, password_hash = excluded.password_hash, is_active = excluded.is_active";
        self.tx.prepare_cached(sql)?.execute(params![
            self.org.as_str(),
            account.person.as_str(),
            account.username,
            account.password_hash,
            account.is_active
        ])?;
        Ok(())
    }

    async fn username(&mut self, person: &PersonId) -> Result<Option<String>> {
        let sql = "SELECT username FROM account WHERE org = ? AND person = ?";
        let args = params![self.org.as_str(), person.as_str()];
        Ok(self
            .tx
            .prepare_cached(sql)?
            .query_row(args, |row| row.get(0))
            .optional()?)
    }

    async fn note_sign_in(&mut self, at: Millis, username: &str, outcome: &str) -> Result<()> {
        let sql = "INSERT INTO sign_in (org, at, username, outcome) VALUES (?, ?, ?, ?)";
        self.tx
            .prepare_cached(sql)?
            .execute(params![self.org.as_str(), at, username, outcome])?;
        Ok(())
    }

    async fn failed_sign_ins(&mut self, username: &str, since: Millis) -> Result<u32> {
        let sql = "SELECT count(*) FROM sign_in WHERE org = ?1 AND at >= ?2 AND username = ?3 AND outcome = 'refused'
                   AND at > coalesce((SELECT max(at) FROM sign_in WHERE org = ?1 AND username = ?3
                                      AND outcome = 'signed_in'), 0)";
        Ok(self
            .tx
            .prepare_cached(sql)?
            .query_row(params![self.org.as_str(), since, username], |row| row.get(0))?)
    }

    async fn save_device(&mut self, device: &NewDevice<'_>) -> Result<()> {
        self.keep_device(device)
    }

    async fn device(&mut self, id: &str) -> Result<Option<DeviceRow>> {
        Ok(self.devices_where("d.id = ?2", &id)?.pop())
    }

    async fn device_of(&mut self, credential_hash: &[u8; 32]) -> Result<Option<DeviceRow>> {
        Ok(self
            .devices_where("d.credential_hash = ?2", credential_hash)?
            .pop())
    }

    async fn devices(&mut self) -> Result<Vec<DeviceRow>> {
        self.devices_where("?2", &true)
    }

    async fn renew_device(&mut self, id: &str, at: Millis, expires_at: Millis) -> Result<()> {
        let sql =
            "UPDATE device SET seen_at = ?3, expires_at = max(expires_at, ?4) WHERE org = ?1 AND id = ?2";
        self.change_device(sql, id, &[&at, &expires_at])
    }

    async fn note_turn(&mut self, id: &str, turn: u64) -> Result<()> {
        let sql = "UPDATE device SET turn = ?3 WHERE org = ?1 AND id = ?2 AND turn < ?3";
        self.change_device(sql, id, &[&turn])
    }

    async fn ask_wipe(&mut self, id: &str, at: Millis) -> Result<()> {
        let sql =
            "UPDATE device SET wipe_at = coalesce(wipe_at, ?3), file_key = NULL WHERE org = ?1 AND id = ?2";
        self.change_device(sql, id, &[&at])
    }

    async fn note_wiped(&mut self, id: &str, at: Millis) -> Result<()> {
        let sql = "UPDATE device SET wiped_at = coalesce(wiped_at, ?3) WHERE org = ?1 AND id = ?2";
        self.change_device(sql, id, &[&at])?;
        self.note_empty(id, at)
    }

    async fn revoke_device(&mut self, id: &str, at: Millis) -> Result<()> {
        let sql = "UPDATE device SET revoked_at = ?3 WHERE org = ?1 AND id = ?2 AND revoked_at IS NULL";
        self.change_device(sql, id, &[&at])
    }

    async fn note_held(&mut self, device: &str, epoch: &str, views: &[View], at: Millis) -> Result<()> {
        self.note_views(device, epoch, views, at)
    }

    async fn note_receipt(&mut self, device: &str, receipt: &Receipt, at: Millis) -> Result<()> {
        self.note_let_go(device, receipt, at)
    }

    async fn holdings(&mut self, of: &HeldBy<'_>) -> Result<Vec<Holding>> {
        self.find_holdings(of)
    }

    async fn photo(&mut self, hash: &str) -> Result<Option<StoredPhoto>> {
        self.find_photo(hash)
    }

    async fn photos(&mut self) -> Result<Vec<StoredPhoto>> {
        self.find_photos()
    }

    async fn photo_records(&mut self, hash: &str) -> Result<Vec<RecordId>> {
        self.find_photo_records(hash)
    }

    async fn forget_unnamed_photos(&mut self, before: Millis) -> Result<u64> {
        self.delete_unnamed_photos(before)
    }

    async fn wanted_photos(&mut self, hashes: &[String]) -> Result<BTreeSet<String>> {
        self.find_wanted_photos(hashes)
    }

    async fn photo_bytes_since(&mut self, person: &PersonId, since: Millis) -> Result<u64> {
        self.sum_photo_bytes(person, since)
    }

    async fn save_photo(
        &mut self,
        photo: &StoredPhoto,
        record: &RecordId,
        person: &PersonId,
        at: Millis,
    ) -> Result<()> {
        self.insert_photo(photo, record, person, at)
    }
}
