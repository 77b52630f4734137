//! The office's embedded database.

use super::{migrate, version};
use crate::office::hash_bytes;
use crate::{
    Account, DeviceRow, Entry, Fault, Lookup, NewDevice, OfficeTx, Org, Result, StoredCommand, StoredPhoto,
    ViewHead,
};
use domain::record::cut;
use domain::{Answer, Body, CommandId, Range, Record};
use policy::views::View;
use policy::{Kind, Millis, OrgId, POLICY_VERSION, PersonId, RecordId};
use rusqlite::{Connection, OptionalExtension, Row, Transaction, TransactionBehavior, params};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use sync::{Receipt, Sum, Tally, row_hash};

const STEPS: &[&str] = &[include_str!("../../../../migrations/sqlite/0001_office.sql")];

/// One connection to the office's database.
pub struct OfficeDb {
    db: Connection,
    org: OrgId,
}

impl OfficeDb {
    /// Opens a database file, or one in memory, and brings it up to date.
    pub fn open(path: Option<&Path>, org: &OrgId) -> Result<OfficeDb> {
        let mut db = match path {
            Some(path) => Connection::open(path)?,
            None => Connection::open_in_memory()?,
        };
        db.busy_timeout(std::time::Duration::from_secs(10))?;
        version(&db, STEPS)?;
        db.execute_batch(
            "PRAGMA journal_mode = WAL;
             PRAGMA synchronous = FULL;
             PRAGMA foreign_keys = ON;
             PRAGMA temp_store = MEMORY;
             PRAGMA cache_size = -64000;",
        )?;
        db.set_prepared_statement_cache_capacity(64);
        migrate(&mut db, STEPS)?;
        Ok(OfficeDb { db, org: org.clone() })
    }

    /// Makes the organization where it does not exist yet.
    pub fn ensure_org(&mut self, name: &str, zone: &str, secret: &[u8], incarnation: &str) -> Result<()> {
        self.db.execute(
            "INSERT INTO org (id, name, zone, incarnation, policy_version, secret) VALUES (?, ?, ?, ?, ?, ?)
             ON CONFLICT DO NOTHING",
            params![self.org.as_str(), name, zone, incarnation, POLICY_VERSION, secret],
        )?;
        Ok(())
    }

    /// Gives the organization another name and time zone.
    pub fn rename_org(&mut self, name: &str, zone: &str) -> Result<()> {
        let args = params![name, zone, self.org.as_str()];
        self.db
            .execute("UPDATE org SET name = ?, zone = ? WHERE id = ?", args)?;
        Ok(())
    }

    /// Begins a transaction that may write; it holds the organization's lock to its end.
    pub fn write(&mut self) -> Result<SqliteTx<'_>> {
        let tx = self
            .db
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        Ok(SqliteTx {
            tx,
            org: self.org.clone(),
        })
    }

    /// Begins a transaction that only reads: one snapshot.
    pub fn read(&mut self) -> Result<SqliteTx<'_>> {
        let tx = self.db.transaction_with_behavior(TransactionBehavior::Deferred)?;
        Ok(SqliteTx {
            tx,
            org: self.org.clone(),
        })
    }

    /// Writes a whole copy of the database to a file.
    pub fn backup(&mut self, to: &Path) -> Result<()> {
        let to = to.to_string_lossy();
        self.db.execute("VACUUM INTO ?", [to.as_ref()])?;
        Ok(())
    }

    /// Names a new life of the database, after it was restored from a backup.
    pub fn begin_incarnation(&mut self, incarnation: &str) -> Result<()> {
        self.db.execute(
            "UPDATE org SET incarnation = ? WHERE id = ?",
            params![incarnation, self.org.as_str()],
        )?;
        Ok(())
    }
}

/// A transaction of the embedded database.
pub struct SqliteTx<'a> {
    tx: Transaction<'a>,
    org: OrgId,
}

fn record_of(row: &Row<'_>) -> rusqlite::Result<(String, String, i64, String)> {
    Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
}

fn read_record((id, kind, revision, body): (String, String, i64, String)) -> Result<Record> {
    let kind = Kind::named(&kind).ok_or_else(|| Fault::Unreadable(format!("{id} is a {kind}")))?;
    let value: Value = serde_json::from_str(&body)?;
    let id = RecordId::parse(id).map_err(|error| Fault::Unreadable(error.to_string()))?;
    Ok(Record {
        id,
        revision,
        body: Body::from_value(kind, value)?,
    })
}

fn person(text: String) -> Result<PersonId> {
    PersonId::parse(text).map_err(|error| Fault::Unreadable(error.to_string()))
}

/// The same value with the fields of every object in the order of their names: what a view counts a record as must not
/// depend on how the program that wrote it was built.
fn in_order(value: Value) -> Value {
    match value {
        Value::Object(fields) => {
            let fields: BTreeMap<String, Value> = fields.into_iter().collect();
            Value::Object(
                fields
                    .into_iter()
                    .map(|(name, value)| (name, in_order(value)))
                    .collect(),
            )
        }
        Value::Array(values) => Value::Array(values.into_iter().map(in_order).collect()),
        other => other,
    }
}

impl SqliteTx<'_> {
    fn records(&self, sql: &str, args: &[&dyn rusqlite::ToSql]) -> Result<Vec<Record>> {
        let mut statement = self.tx.prepare_cached(sql)?;
        let rows = statement.query_map(args, record_of)?;
        rows.map(|row| read_record(row?)).collect()
    }

    fn view_id(&self, name: &str) -> Result<i64> {
        let mut find = self
            .tx
            .prepare_cached("SELECT id FROM view WHERE org = ? AND name = ?")?;
        if let Some(id) = find
            .query_row(params![self.org.as_str(), name], |row| row.get(0))
            .optional()?
        {
            return Ok(id);
        }
        let zero = hash_bytes(Sum::default());
        let mut add = self
            .tx
            .prepare_cached("INSERT INTO view (org, name, seq, count, sum) VALUES (?, ?, 0, 0, ?)")?;
        Ok(add.insert(params![self.org.as_str(), name, zero])?)
    }

    fn tally(&self, view: i64) -> Result<Tally> {
        let mut find = self
            .tx
            .prepare_cached("SELECT count, sum FROM view WHERE id = ?")?;
        let tally = find.query_row([view], |row| {
            let sum: Vec<u8> = row.get(1)?;
            Ok(Tally {
                count: row.get(0)?,
                sum: Sum::from_bytes(&sum),
            })
        })?;
        Ok(tally)
    }

    fn save_tally(&self, view: i64, seq: i64, tally: Tally) -> Result<()> {
        let mut save = self
            .tx
            .prepare_cached("UPDATE view SET seq = ?, count = ?, sum = ? WHERE id = ?")?;
        save.execute(params![seq, tally.count, hash_bytes(tally.sum), view])?;
        Ok(())
    }

    /// The entries a record has: view, whether present, and the hash it was counted as.
    fn entries_of(&self, n: i64) -> Result<Vec<(i64, bool, Sum)>> {
        let mut find = self
            .tx
            .prepare_cached("SELECT view, present, hash FROM entry WHERE n = ?")?;
        let rows = find.query_map([n], |row| {
            let hash: Vec<u8> = row.get(2)?;
            Ok((row.get(0)?, row.get(1)?, Sum::from_bytes(&hash)))
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    fn save_entry(&self, view: i64, n: i64, seq: i64, present: bool, hash: Sum) -> Result<()> {
        let mut save = self.tx.prepare_cached(
            "INSERT INTO entry (view, n, seq, present, hash) VALUES (?, ?, ?, ?, ?)
             ON CONFLICT (view, n) DO UPDATE SET seq = excluded.seq, present = excluded.present, hash = excluded.hash",
        )?;
        save.execute(params![view, n, seq, present, hash_bytes(hash)])?;
        Ok(())
    }

    /// Writes the row itself; gives its number and its revision.
    fn save_row(&self, record: &Record, body: &str) -> Result<(i64, i64)> {
        let mut save = self.tx.prepare_cached(
            "INSERT INTO record (org, id, kind, revision, body) VALUES (?, ?, ?, 1, ?)
             ON CONFLICT (org, id) DO UPDATE SET revision = revision + 1, body = excluded.body
             RETURNING n, revision",
        )?;
        let args = params![self.org.as_str(), record.id.as_str(), record.kind().name(), body];
        Ok(save.query_row(args, |row| Ok((row.get(0)?, row.get(1)?)))?)
    }

    fn save_keys(&self, n: i64, record: &Record) -> Result<()> {
        self.tx
            .prepare_cached("DELETE FROM record_key WHERE n = ?")?
            .execute([n])?;
        let mut add = self.tx.prepare_cached(
            "INSERT INTO record_key (org, kind, name, key, n) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        )?;
        for (name, key) in record.index_keys() {
            add.execute(params![self.org.as_str(), record.kind().name(), name, key, n])?;
        }
        Ok(())
    }

    fn device_where(&self, condition: &str, value: &dyn rusqlite::ToSql) -> Result<Option<DeviceRow>> {
        let sql = format!(
            "SELECT id, person, name, expires_at, revoked_at, file_key FROM device WHERE org = ? AND {condition} = ?"
        );
        let mut find = self.tx.prepare_cached(&sql)?;
        let row = find.query_row(params![self.org.as_str(), value], |row| {
            let person: String = row.get(1)?;
            Ok((
                person,
                row.get(0)?,
                row.get(2)?,
                row.get(3)?,
                row.get(4)?,
                row.get(5)?,
            ))
        });
        let Some((who, id, name, expires_at, revoked_at, file_key)) = row.optional()? else {
            return Ok(None);
        };
        Ok(Some(DeviceRow {
            id,
            person: person(who)?,
            name,
            expires_at,
            revoked_at,
            file_key,
        }))
    }
}

impl Lookup for SqliteTx<'_> {
    async fn record(&mut self, id: &RecordId) -> Result<Answer> {
        let sql = "SELECT id, kind, revision, body FROM record WHERE org = ? AND id = ?";
        let found = self.records(sql, &[&self.org.as_str(), &id.as_str()])?;
        Ok(found.into_iter().next().map_or(Answer::Absent, Answer::Found))
    }

    async fn range(&mut self, kind: Kind, index: &str, prefix: &str) -> Result<Range> {
        let sql = "SELECT r.id, r.kind, r.revision, r.body FROM record_key k JOIN record r ON r.n = k.n
                   WHERE k.org = ? AND k.kind = ? AND k.name = ? AND k.key >= ? AND k.key < ? ORDER BY k.key, r.id";
        let after = super::after_prefix(prefix);
        let args: [&dyn rusqlite::ToSql; 5] = [&self.org.as_str(), &kind.name(), &index, &prefix, &after];
        Ok(Range {
            records: self.records(sql, &args)?,
            complete: true,
        })
    }
}

impl OfficeTx for SqliteTx<'_> {
    async fn org(&mut self) -> Result<Org> {
        let sql = "SELECT name, zone, seq, incarnation, policy_version, secret FROM org WHERE id = ?";
        let org = self
            .tx
            .prepare_cached(sql)?
            .query_row([self.org.as_str()], |row| {
                Ok(Org {
                    id: self.org.clone(),
                    name: row.get(0)?,
                    zone: row.get(1)?,
                    seq: row.get(2)?,
                    incarnation: row.get(3)?,
                    policy_version: row.get(4)?,
                    secret: row.get(5)?,
                })
            })?;
        Ok(org)
    }

    async fn next_seq(&mut self) -> Result<i64> {
        let sql = "UPDATE org SET seq = seq + 1 WHERE id = ? RETURNING seq";
        Ok(self
            .tx
            .prepare_cached(sql)?
            .query_row([self.org.as_str()], |row| row.get(0))?)
    }

    async fn put(&mut self, seq: i64, record: &Record) -> Result<Vec<View>> {
        let value = in_order(record.body.to_value()?);
        let (n, _) = self.save_row(record, &serde_json::to_string(&value)?)?;
        self.save_keys(n, record)?;
        let before = self.entries_of(n)?;
        let mut changed = Vec::new();
        let mut kept = BTreeSet::new();
        for view in record.views() {
            let id = self.view_id(&view.to_string())?;
            kept.insert(id);
            let shown = serde_json::to_string(&cut(record.kind(), view.mask, &value))?;
            let hash = row_hash(&record.id, &shown);
            let mut tally = self.tally(id)?;
            if let Some((_, true, old)) = before.iter().find(|(view, ..)| *view == id) {
                tally.remove(*old);
            }
            tally.add(hash);
            self.save_tally(id, seq, tally)?;
            self.save_entry(id, n, seq, true, hash)?;
            changed.push(view);
        }
        for (id, _, old) in before
            .into_iter()
            .filter(|(id, present, _)| *present && !kept.contains(id))
        {
            let mut tally = self.tally(id)?;
            tally.remove(old);
            self.save_tally(id, seq, tally)?;
            self.save_entry(id, n, seq, false, Sum::default())?;
            let name: String = self
                .tx
                .prepare_cached("SELECT name FROM view WHERE id = ?")?
                .query_row([id], |row| row.get(0))?;
            changed.extend(View::try_from(name).ok());
        }
        Ok(changed)
    }

    async fn keyed(&mut self, kind: Kind, index: &str, key: &str) -> Result<Vec<Record>> {
        let sql = "SELECT r.id, r.kind, r.revision, r.body FROM record_key k JOIN record r ON r.n = k.n
                   WHERE k.org = ? AND k.kind = ? AND k.name = ? AND k.key = ?";
        self.records(sql, &[&self.org.as_str(), &kind.name(), &index, &key])
    }

    async fn view_heads(&mut self, views: &[View]) -> Result<Vec<Option<ViewHead>>> {
        let mut find = self
            .tx
            .prepare_cached("SELECT id, seq, count, sum FROM view WHERE org = ? AND name = ?")?;
        let mut head = |view: &View| {
            find.query_row(params![self.org.as_str(), view.to_string()], |row| {
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
        Ok(views.iter().map(&mut head).collect::<rusqlite::Result<_>>()?)
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

    async fn command(&mut self, id: &CommandId) -> Result<Option<StoredCommand>> {
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

    async fn save_command(&mut self, command: &StoredCommand) -> Result<()> {
        let mut save = self.tx.prepare_cached(
            "INSERT INTO command
               (org, id, body_hash, person, device, name, targets, claimed_at, received_at, seq, answer, envelope)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
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

    async fn savepoint(&mut self) -> Result<()> {
        Ok(self.tx.execute_batch("SAVEPOINT part")?)
    }

    async fn undo_to_savepoint(&mut self) -> Result<()> {
        Ok(self.tx.execute_batch("ROLLBACK TO part; RELEASE part")?)
    }

    async fn release_savepoint(&mut self) -> Result<()> {
        Ok(self.tx.execute_batch("RELEASE part")?)
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

    async fn is_active(&mut self, person: &PersonId) -> Result<bool> {
        let sql = "SELECT is_active FROM account WHERE org = ? AND person = ?";
        let args = params![self.org.as_str(), person.as_str()];
        Ok(self
            .tx
            .prepare_cached(sql)?
            .query_row(args, |row| row.get(0))
            .optional()?
            .unwrap_or(false))
    }

    async fn save_account(&mut self, account: &Account) -> Result<()> {
        self.tx.execute(
            "INSERT INTO account (org, person, username, password_hash, is_active) VALUES (?, ?, ?, ?, ?)
             ON CONFLICT (org, person) DO UPDATE SET
               username = excluded.username, password_hash = excluded.password_hash, is_active = excluded.is_active",
            params![
                self.org.as_str(),
                account.person.as_str(),
                account.username,
                account.password_hash,
                account.is_active
            ],
        )?;
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
            .execute(sql, params![self.org.as_str(), at, username, outcome])?;
        Ok(())
    }

    async fn failed_sign_ins(&mut self, username: &str, since: Millis) -> Result<u32> {
        let sql = "SELECT count(*) FROM sign_in WHERE org = ?1 AND at >= ?2 AND username = ?3 AND outcome = 'refused'
                   AND at > coalesce((SELECT max(at) FROM sign_in WHERE org = ?1 AND username = ?3
                                      AND outcome = 'signed_in'), 0)";
        Ok(self
            .tx
            .query_row(sql, params![self.org.as_str(), since, username], |row| row.get(0))?)
    }

    async fn save_device(&mut self, device: &NewDevice<'_>) -> Result<()> {
        self.tx.execute(
            "INSERT INTO device (org, id, person, name, credential_hash, file_key, created_at, seen_at, expires_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7, ?8)
             ON CONFLICT (org, id) DO UPDATE SET
               name = excluded.name, credential_hash = excluded.credential_hash, seen_at = excluded.seen_at,
               expires_at = excluded.expires_at, revoked_at = NULL,
               file_key = coalesce(device.file_key, excluded.file_key)",
            params![
                self.org.as_str(),
                device.id,
                device.person.as_str(),
                device.name,
                device.credential_hash,
                device.file_key,
                device.at,
                device.expires_at
            ],
        )?;
        Ok(())
    }

    async fn device(&mut self, id: &str) -> Result<Option<DeviceRow>> {
        self.device_where("id", &id)
    }

    async fn device_of(&mut self, credential_hash: &[u8; 32]) -> Result<Option<DeviceRow>> {
        self.device_where("credential_hash", credential_hash)
    }

    async fn renew_device(&mut self, id: &str, at: Millis, expires_at: Millis) -> Result<()> {
        let sql = "UPDATE device SET seen_at = ?, expires_at = max(expires_at, ?) WHERE org = ? AND id = ?";
        self.tx
            .execute(sql, params![at, expires_at, self.org.as_str(), id])?;
        Ok(())
    }

    async fn revoke_device(&mut self, id: &str, at: Millis) -> Result<()> {
        let sql = "UPDATE device SET revoked_at = ? WHERE org = ? AND id = ? AND revoked_at IS NULL";
        self.tx.execute(sql, params![at, self.org.as_str(), id])?;
        Ok(())
    }

    async fn note_held(&mut self, device: &str, epoch: &str, views: &[View], at: Millis) -> Result<()> {
        let wanted: BTreeSet<String> = views.iter().map(View::to_string).collect();
        let mut find = self
            .tx
            .prepare_cached("SELECT view FROM ledger WHERE org = ? AND device = ? AND until_at IS NULL")?;
        let open = find.query_map(params![self.org.as_str(), device], |row| row.get(0))?;
        let open: BTreeSet<String> = open.collect::<rusqlite::Result<_>>()?;
        let mut close = self.tx.prepare_cached(
            "UPDATE ledger SET until_at = ? WHERE org = ? AND device = ? AND view = ? AND until_at IS NULL",
        )?;
        for view in open.difference(&wanted) {
            close.execute(params![at, self.org.as_str(), device, view])?;
        }
        let mut add = self.tx.prepare_cached(
            "INSERT INTO ledger (org, device, view, epoch, from_at) VALUES (?, ?, ?, ?, ?)
             ON CONFLICT DO UPDATE SET until_at = NULL, epoch = excluded.epoch",
        )?;
        for view in wanted.difference(&open) {
            add.execute(params![self.org.as_str(), device, view, epoch, at])?;
        }
        Ok(())
    }

    async fn note_receipt(&mut self, device: &str, receipt: &Receipt, at: Millis) -> Result<()> {
        let mut save = self.tx.prepare_cached(
            "UPDATE ledger SET acknowledged_at = ? WHERE org = ? AND device = ? AND view = ? AND until_at IS NOT NULL
             AND acknowledged_at IS NULL",
        )?;
        if !receipt.verified {
            return Ok(());
        }
        for view in &receipt.views {
            save.execute(params![at, self.org.as_str(), device, view.to_string()])?;
        }
        Ok(())
    }

    async fn photo(&mut self, hash: &str) -> Result<Option<StoredPhoto>> {
        let sql = "SELECT hash, media_type, bytes FROM photo WHERE org = ? AND hash = ?";
        let row = self.tx.query_row(sql, params![self.org.as_str(), hash], |row| {
            Ok(StoredPhoto {
                hash: row.get(0)?,
                media_type: row.get(1)?,
                bytes: row.get(2)?,
            })
        });
        Ok(row.optional()?)
    }

    async fn save_photo(&mut self, photo: &StoredPhoto, person: &PersonId, at: Millis) -> Result<()> {
        self.tx.execute(
            "INSERT INTO photo (org, hash, media_type, bytes, person, received_at) VALUES (?, ?, ?, ?, ?, ?)
             ON CONFLICT DO NOTHING",
            params![
                self.org.as_str(),
                photo.hash,
                photo.media_type,
                photo.bytes,
                person.as_str(),
                at
            ],
        )?;
        Ok(())
    }

    async fn commit(self) -> Result<()> {
        Ok(self.tx.commit()?)
    }
}
