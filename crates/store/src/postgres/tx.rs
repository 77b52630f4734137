//! A transaction on PostgreSQL. Whatever concerns many rows is one statement: each one is a journey to the server.

use super::listen::{Announced, CHANNEL};
use crate::book::{self, Book};
use crate::{
    Account, Changes, DeviceRow, Entry, Fault, HeldBy, Holding, Lookup, NewDevice, OfficeTx, Org, RecordRow,
    Result, StoredCommand, StoredPhoto, ViewHead,
};
use domain::{Answer, CommandId, Range};
use policy::views::View;
use policy::{Kind, Millis, OrgId, PersonId, RecordId};
use sqlx::postgres::PgRow;
use sqlx::{Postgres, Row as _, Transaction};
use std::collections::{BTreeSet, HashMap};
use sync::{Receipt, Sum, Tally};

/// A transaction.
pub struct PostgresTx<'a> {
    pub(super) tx: Transaction<'a, Postgres>,
    pub(super) org: OrgId,
    pub(super) book: Book,
}

fn record_row(row: &PgRow) -> Result<RecordRow> {
    Ok(RecordRow {
        number: row.try_get(0)?,
        id: row.try_get(1)?,
        kind: row.try_get(2)?,
        revision: row.try_get(3)?,
        body: row.try_get(4)?,
    })
}

fn person(text: String) -> Result<PersonId> {
    PersonId::parse(text).map_err(|error| Fault::Unreadable(error.to_string()))
}

fn org_of(id: &OrgId, row: &PgRow) -> Result<Org> {
    Ok(Org {
        id: id.clone(),
        name: row.try_get(0)?,
        zone: row.try_get(1)?,
        seq: row.try_get(2)?,
        rights_seq: row.try_get(3)?,
        incarnation: row.try_get(4)?,
        policy_version: u32::try_from(row.try_get::<i64, _>(5)?).unwrap_or_default(),
        secret: row.try_get(6)?,
        removals_from: row.try_get(7)?,
    })
}

/// A device, by a condition.
macro_rules! device {
    () => {
        "SELECT d.id, d.person, d.name, d.expires_at, d.revoked_at, d.file_key, coalesce(a.is_active, false),
                d.credential_hash, d.seen_at, d.wipe_at, d.wiped_at, d.turn
         FROM device d LEFT JOIN account a ON a.org = d.org AND a.person = d.person WHERE d.org = $1 AND "
    };
}

fn device_of(row: &PgRow) -> Result<DeviceRow> {
    Ok(DeviceRow {
        id: row.try_get(0)?,
        person: person(row.try_get(1)?)?,
        name: row.try_get(2)?,
        expires_at: row.try_get(3)?,
        revoked_at: row.try_get(4)?,
        file_key: row.try_get(5)?,
        is_active: row.try_get(6)?,
        credential_hash: row.try_get(7)?,
        seen_at: row.try_get(8)?,
        wipe_at: row.try_get(9)?,
        wiped_at: row.try_get(10)?,
        turn: u64::try_from(row.try_get::<i64, _>(11)?).unwrap_or_default(),
    })
}

fn entry_of(row: &PgRow) -> Result<Entry> {
    let id: String = row.try_get(1)?;
    let id = RecordId::parse(id).map_err(|error| Fault::Unreadable(error.to_string()))?;
    let kind: &str = row.try_get(3)?;
    let kind = Kind::named(kind).ok_or_else(|| Fault::Unreadable(format!("{id} is a {kind}")))?;
    let is_present: bool = row.try_get(2)?;
    let shown = (kind, row.try_get(4)?, row.try_get(5)?);
    Ok(Entry {
        seq: row.try_get(0)?,
        id,
        row: is_present.then_some(shown),
    })
}

fn command_of(row: &PgRow) -> Result<StoredCommand> {
    let id: String = row.try_get(0)?;
    let hash: Vec<u8> = row.try_get(1)?;
    Ok(StoredCommand {
        body_hash: hash
            .try_into()
            .map_err(|_| Fault::Unreadable(format!("hash of command {id}")))?,
        id: CommandId::try_from(id).map_err(Fault::Unreadable)?,
        person: person(row.try_get(2)?)?,
        device: row.try_get(3)?,
        name: row.try_get(4)?,
        targets: serde_json::from_str(row.try_get(5)?)?,
        claimed_at: row.try_get(6)?,
        received_at: row.try_get(7)?,
        seq: row.try_get(8)?,
        answer: serde_json::from_str(row.try_get(9)?)?,
        envelope: row.try_get(10)?,
    })
}

impl PostgresTx<'_> {
    /// Changes what is known of a device; `$1` is the instant or number, `$2` the organization and `$3` the device.
    async fn change_device(&mut self, sql: &'static str, id: &str, value: i64) -> Result<()> {
        sqlx::query(sql)
            .bind(value)
            .bind(self.org.as_str())
            .bind(id)
            .execute(&mut *self.tx)
            .await?;
        Ok(())
    }

    /// Takes the organization's lock, which orders all that is written; where the row exists.
    pub(super) async fn lock(&mut self) -> Result<()> {
        let sql = "SELECT name, zone, seq, rights_seq, incarnation, policy_version, secret, removals_from
             FROM org WHERE id = $1 FOR UPDATE";
        let row = sqlx::query(sql)
            .bind(self.org.as_str())
            .fetch_optional(&mut *self.tx)
            .await?;
        self.book.org = row.map(|row| org_of(&self.org, &row)).transpose()?;
        Ok(())
    }

    /// Ends the transaction and keeps nothing. Left to itself it would hold its locks until the connection is used again.
    pub(crate) async fn undo(self) -> Result<()> {
        Ok(self.tx.rollback().await?)
    }
}

impl Lookup for PostgresTx<'_> {
    async fn record(&mut self, id: &RecordId) -> Result<Answer> {
        book::record(self, id).await
    }

    async fn range(&mut self, kind: Kind, index: &str, prefix: &str) -> Result<Range> {
        book::range(self, kind, index, prefix).await
    }
}

impl OfficeTx for PostgresTx<'_> {
    fn book(&mut self) -> &mut Book {
        &mut self.book
    }

    async fn load_org(&mut self) -> Result<Org> {
        let sql = "SELECT name, zone, seq, rights_seq, incarnation, policy_version, secret, removals_from
             FROM org WHERE id = $1";
        let row = sqlx::query(sql)
            .bind(self.org.as_str())
            .fetch_one(&mut *self.tx)
            .await?;
        org_of(&self.org, &row)
    }

    async fn load_records(&mut self, ids: &[RecordId]) -> Result<Vec<RecordRow>> {
        let ids: Vec<&str> = ids.iter().map(RecordId::as_str).collect();
        let sql = "SELECT n, id, kind, revision, body FROM record WHERE org = $1 AND id = ANY($2)";
        let rows = sqlx::query(sql)
            .bind(self.org.as_str())
            .bind(ids)
            .fetch_all(&mut *self.tx)
            .await?;
        rows.iter().map(record_row).collect()
    }

    async fn load_range(&mut self, kind: Kind, index: &str, prefix: &str) -> Result<Vec<RecordRow>> {
        let rows = sqlx::query(
            "SELECT r.n, r.id, r.kind, r.revision, r.body
             FROM record_key k JOIN record r ON r.org = k.org AND r.n = k.n
             WHERE k.org = $1 AND k.kind = $2 AND k.name = $3 AND k.key >= $4 AND k.key < $5",
        )
        .bind(self.org.as_str())
        .bind(kind.name())
        .bind(index)
        .bind(prefix)
        .bind(crate::lookup::after_prefix(prefix))
        .fetch_all(&mut *self.tx)
        .await?;
        rows.iter().map(record_row).collect()
    }

    async fn load_after(&mut self, kind: Kind, number: i64, limit: usize) -> Result<Vec<RecordRow>> {
        let rows = sqlx::query(
            "SELECT n, id, kind, revision, body FROM record
             WHERE org = $1 AND kind = $2 AND n > $3 ORDER BY n LIMIT $4",
        )
        .bind(self.org.as_str())
        .bind(kind.name())
        .bind(number)
        .bind(i64::try_from(limit).unwrap_or(i64::MAX))
        .fetch_all(&mut *self.tx)
        .await?;
        rows.iter().map(record_row).collect()
    }

    async fn load_keyed(&mut self, kind: Kind, index: &str, key: &str) -> Result<Vec<RecordRow>> {
        let rows = sqlx::query(
            "SELECT r.n, r.id, r.kind, r.revision, r.body
             FROM record_key k JOIN record r ON r.org = k.org AND r.n = k.n
             WHERE k.org = $1 AND k.kind = $2 AND k.name = $3 AND k.key = $4",
        )
        .bind(self.org.as_str())
        .bind(kind.name())
        .bind(index)
        .bind(key)
        .fetch_all(&mut *self.tx)
        .await?;
        rows.iter().map(record_row).collect()
    }

    async fn load_entries_of(&mut self, numbers: &[i64]) -> Result<Vec<(i64, String, Sum)>> {
        if numbers.is_empty() {
            return Ok(Vec::new());
        }
        // A join would be planned by how many views and entries there seem to be, and in a database that was filled a minute ago
        // that is nothing: it then looks through all views for each command.
        let rows = sqlx::query(
            "SELECT e.n, (SELECT v.name FROM view v WHERE v.org = e.org AND v.id = e.view), e.hash
             FROM entry e WHERE e.org = $1 AND e.n = ANY($2) AND e.present",
        )
        .bind(self.org.as_str())
        .bind(numbers)
        .fetch_all(&mut *self.tx)
        .await?;
        rows.iter()
            .map(|row| Ok((row.try_get(0)?, row.try_get(1)?, Sum::from_bytes(row.try_get(2)?))))
            .collect()
    }

    async fn load_heads(&mut self, names: &[String]) -> Result<Vec<Option<ViewHead>>> {
        let rows =
            sqlx::query("SELECT name, id, seq, count, sum FROM view WHERE org = $1 AND name = ANY($2)")
                .bind(self.org.as_str())
                .bind(names)
                .fetch_all(&mut *self.tx)
                .await?;
        let mut heads = HashMap::new();
        for row in &rows {
            let name: String = row.try_get(0)?;
            let tally = Tally {
                count: u64::try_from(row.try_get::<i64, _>(3)?).unwrap_or_default(),
                sum: Sum::from_bytes(row.try_get(4)?),
            };
            let head = ViewHead {
                id: row.try_get(1)?,
                seq: row.try_get(2)?,
                tally,
            };
            heads.insert(name, head);
        }
        Ok(names.iter().map(|name| heads.get(name).copied()).collect())
    }

    async fn load_commands(&mut self, ids: &[CommandId]) -> Result<Vec<StoredCommand>> {
        let ids: Vec<&str> = ids.iter().map(CommandId::as_str).collect();
        let rows = sqlx::query(
            "SELECT id, body_hash, person, device, name, targets, claimed_at, received_at, seq, answer, envelope
             FROM command WHERE org = $1 AND id = ANY($2)",
        )
        .bind(self.org.as_str())
        .bind(ids)
        .fetch_all(&mut *self.tx)
        .await?;
        rows.iter().map(command_of).collect()
    }

    async fn save(&mut self, changes: &Changes<'_>) -> Result<()> {
        self.save_all(changes).await
    }

    async fn announce(&mut self, seq: i64, changed: &BTreeSet<View>) -> Result<()> {
        let announced = Announced::new(&self.org, seq, changed);
        sqlx::query("SELECT pg_notify($1, $2)")
            .bind(CHANNEL)
            .bind(announced.to_text()?)
            .execute(&mut *self.tx)
            .await?;
        Ok(())
    }

    async fn close(self) -> Result<()> {
        Ok(self.tx.commit().await?)
    }

    async fn ensure_org(&mut self, org: &Org) -> Result<()> {
        sqlx::query(
            "INSERT INTO org (id, name, zone, seq, incarnation, policy_version, secret)
             VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING",
        )
        .bind(org.id.as_str())
        .bind(&org.name)
        .bind(&org.zone)
        .bind(org.seq)
        .bind(&org.incarnation)
        .bind(i64::from(org.policy_version))
        .bind(&org.secret)
        .execute(&mut *self.tx)
        .await?;
        self.book.org = None;
        Ok(())
    }

    async fn rename_org(&mut self, name: &str, zone: &str) -> Result<()> {
        sqlx::query("UPDATE org SET name = $1, zone = $2 WHERE id = $3")
            .bind(name)
            .bind(zone)
            .bind(self.org.as_str())
            .execute(&mut *self.tx)
            .await?;
        self.book.org = None;
        Ok(())
    }

    async fn note_policy(&mut self, version: u32) -> Result<()> {
        sqlx::query("UPDATE org SET policy_version = $1 WHERE id = $2")
            .bind(i64::from(version))
            .bind(self.org.as_str())
            .execute(&mut *self.tx)
            .await?;
        self.book.org = None;
        Ok(())
    }

    async fn forget_removals(&mut self, before: Millis, most: usize) -> Result<usize> {
        let org = self.org.as_str();
        // The number of the newest command that is old enough.
        let sql = "SELECT seq FROM command WHERE org = $1 AND received_at < $2 AND seq IS NOT NULL
             ORDER BY received_at DESC LIMIT 1";
        let find = sqlx::query_scalar(sql).bind(org).bind(before);
        let upto: Option<i64> = find.fetch_optional(&mut *self.tx).await?;
        let sql = "WITH oldest AS (
               SELECT view, n, seq FROM entry WHERE org = $1 AND NOT present AND seq <= $2 ORDER BY seq LIMIT $3
             ) DELETE FROM entry e USING oldest o WHERE e.org = $1 AND e.view = o.view AND e.n = o.n RETURNING o.seq";
        let take = sqlx::query_scalar(sql)
            .bind(org)
            .bind(upto.unwrap_or(0))
            .bind(i64::try_from(most).unwrap_or(i64::MAX));
        let taken: Vec<i64> = take.fetch_all(&mut *self.tx).await?;
        if let Some(newest) = taken.iter().max() {
            sqlx::query("UPDATE org SET removals_from = greatest(removals_from, $1) WHERE id = $2")
                .bind(newest)
                .bind(org)
                .execute(&mut *self.tx)
                .await?;
            self.book.org = None;
        }
        Ok(taken.len())
    }

    async fn begin_incarnation(&mut self, incarnation: &str) -> Result<()> {
        sqlx::query("UPDATE org SET incarnation = $1 WHERE id = $2")
            .bind(incarnation)
            .bind(self.org.as_str())
            .execute(&mut *self.tx)
            .await?;
        self.book.org = None;
        Ok(())
    }

    async fn entries(&mut self, view: &ViewHead, after: i64, limit: usize) -> Result<Vec<Entry>> {
        let rows = sqlx::query(
            "SELECT e.seq, r.id, e.present, r.kind, r.revision, r.body
             FROM entry e JOIN record r ON r.org = e.org AND r.n = e.n
             WHERE e.org = $1 AND e.view = $2 AND e.seq > $3 ORDER BY e.seq, e.n LIMIT $4",
        )
        .bind(self.org.as_str())
        .bind(view.id)
        .bind(after)
        .bind(i64::try_from(limit).unwrap_or(i64::MAX))
        .fetch_all(&mut *self.tx)
        .await?;
        rows.iter().map(entry_of).collect()
    }

    async fn account(&mut self, username: &str) -> Result<Option<Account>> {
        let sql =
            "SELECT person, username, password_hash, is_active FROM account WHERE org = $1 AND username = $2";
        let row = sqlx::query(sql)
            .bind(self.org.as_str())
            .bind(username)
            .fetch_optional(&mut *self.tx)
            .await?;
        row.map(|row| {
            Ok(Account {
                person: person(row.try_get(0)?)?,
                username: row.try_get(1)?,
                password_hash: row.try_get(2)?,
                is_active: row.try_get(3)?,
            })
        })
        .transpose()
    }

    async fn save_account(&mut self, account: &Account) -> Result<()> {
        sqlx::query(
            "INSERT INTO account (org, person, username, password_hash, is_active) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (org, person) DO UPDATE SET
               username = excluded.username, password_hash = excluded.password_hash, is_active = excluded.is_active",
        )
        .bind(self.org.as_str())
        .bind(account.person.as_str())
        .bind(&account.username)
        .bind(&account.password_hash)
        .bind(account.is_active)
        .execute(&mut *self.tx)
        .await?;
        Ok(())
    }

    async fn username(&mut self, person: &PersonId) -> Result<Option<String>> {
        let sql = "SELECT username FROM account WHERE org = $1 AND person = $2";
        Ok(sqlx::query_scalar(sql)
            .bind(self.org.as_str())
            .bind(person.as_str())
            .fetch_optional(&mut *self.tx)
            .await?)
    }

    async fn note_sign_in(&mut self, at: Millis, username: &str, outcome: &str) -> Result<()> {
        sqlx::query("INSERT INTO sign_in (org, at, username, outcome) VALUES ($1, $2, $3, $4)")
            .bind(self.org.as_str())
            .bind(at)
            .bind(username)
            .bind(outcome)
            .execute(&mut *self.tx)
            .await?;
        Ok(())
    }

    async fn failed_sign_ins(&mut self, username: &str, since: Millis) -> Result<u32> {
        let failed: i64 = sqlx::query_scalar(
            "SELECT count(*) FROM sign_in WHERE org = $1 AND at >= $2 AND username = $3 AND outcome = 'refused'
             AND at > coalesce((SELECT max(at) FROM sign_in WHERE org = $1 AND username = $3
                                AND outcome = 'signed_in'), 0)",
        )
        .bind(self.org.as_str())
        .bind(since)
        .bind(username)
        .fetch_one(&mut *self.tx)
        .await?;
        Ok(u32::try_from(failed).unwrap_or(u32::MAX))
    }

    async fn save_device(&mut self, device: &NewDevice<'_>) -> Result<()> {
        sqlx::query(
            "INSERT INTO device (org, id, person, name, credential_hash, file_key, created_at, seen_at, expires_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $7, $8)
             ON CONFLICT (org, id) DO UPDATE SET
               name = excluded.name, credential_hash = excluded.credential_hash, seen_at = excluded.seen_at,
               expires_at = excluded.expires_at, revoked_at = NULL,
               file_key = coalesce(device.file_key, excluded.file_key)",
        )
        .bind(self.org.as_str())
        .bind(device.id)
        .bind(device.person.as_str())
        .bind(device.name)
        .bind(device.credential_hash.as_slice())
        .bind(device.file_key)
        .bind(device.at)
        .bind(device.expires_at)
        .execute(&mut *self.tx)
        .await?;
        Ok(())
    }

    async fn device(&mut self, id: &str) -> Result<Option<DeviceRow>> {
        let row = sqlx::query(concat!(device!(), "d.id = $2"))
            .bind(self.org.as_str())
            .bind(id)
            .fetch_optional(&mut *self.tx)
            .await?;
        row.as_ref().map(device_of).transpose()
    }

    async fn device_of(&mut self, credential_hash: &[u8; 32]) -> Result<Option<DeviceRow>> {
        let row = sqlx::query(concat!(device!(), "d.credential_hash = $2"))
            .bind(self.org.as_str())
            .bind(credential_hash.as_slice())
            .fetch_optional(&mut *self.tx)
            .await?;
        row.as_ref().map(device_of).transpose()
    }

    async fn renew_device(&mut self, id: &str, at: Millis, expires_at: Millis) -> Result<()> {
        let sql = "UPDATE device SET seen_at = $1, expires_at = greatest(expires_at, $2) WHERE org = $3 AND id = $4";
        sqlx::query(sql)
            .bind(at)
            .bind(expires_at)
            .bind(self.org.as_str())
            .bind(id)
            .execute(&mut *self.tx)
            .await?;
        Ok(())
    }

    async fn note_turn(&mut self, id: &str, turn: u64) -> Result<()> {
        let sql = "UPDATE device SET turn = $1 WHERE org = $2 AND id = $3 AND turn < $1";
        self.change_device(sql, id, i64::try_from(turn).unwrap_or(i64::MAX))
            .await
    }

    async fn devices(&mut self) -> Result<Vec<DeviceRow>> {
        let rows = sqlx::query(concat!(device!(), "true ORDER BY d.id"))
            .bind(self.org.as_str())
            .fetch_all(&mut *self.tx)
            .await?;
        rows.iter().map(device_of).collect()
    }

    async fn ask_wipe(&mut self, id: &str, at: Millis) -> Result<()> {
        let sql =
            "UPDATE device SET wipe_at = coalesce(wipe_at, $1), file_key = NULL WHERE org = $2 AND id = $3";
        self.change_device(sql, id, at).await
    }

    async fn note_wiped(&mut self, id: &str, at: Millis) -> Result<()> {
        let sql = "UPDATE device SET wiped_at = coalesce(wiped_at, $1) WHERE org = $2 AND id = $3";
        self.change_device(sql, id, at).await?;
        let sql = "UPDATE ledger SET until_at = coalesce(until_at, $1), acknowledged_at = $1
             WHERE org = $2 AND device = $3 AND acknowledged_at IS NULL";
        self.change_device(sql, id, at).await
    }

    async fn revoke_device(&mut self, id: &str, at: Millis) -> Result<()> {
        let sql = "UPDATE device SET revoked_at = $1 WHERE org = $2 AND id = $3 AND revoked_at IS NULL";
        self.change_device(sql, id, at).await
    }

    async fn note_held(&mut self, device: &str, epoch: &str, views: &[View], at: Millis) -> Result<()> {
        let wanted: Vec<String> = views.iter().map(View::to_string).collect();
        sqlx::query(
            "UPDATE ledger SET until_at = $1
             WHERE org = $2 AND device = $3 AND until_at IS NULL AND view <> ALL($4)",
        )
        .bind(at)
        .bind(self.org.as_str())
        .bind(device)
        .bind(&wanted)
        .execute(&mut *self.tx)
        .await?;
        sqlx::query(
            "INSERT INTO ledger (org, device, view, epoch, from_at)
             SELECT DISTINCT $1, $2, wanted, $3, $4::bigint FROM unnest($5::text[]) AS wanted
             WHERE NOT EXISTS (SELECT FROM ledger l WHERE l.org = $1 AND l.device = $2 AND l.view = wanted
                               AND l.until_at IS NULL)
             ON CONFLICT (org, device, view, from_at) DO UPDATE SET until_at = NULL, epoch = excluded.epoch",
        )
        .bind(self.org.as_str())
        .bind(device)
        .bind(epoch)
        .bind(at)
        .bind(&wanted)
        .execute(&mut *self.tx)
        .await?;
        Ok(())
    }

    async fn note_receipt(&mut self, device: &str, receipt: &Receipt, at: Millis) -> Result<()> {
        if !receipt.verified {
            return Ok(());
        }
        let views: Vec<String> = receipt.views.iter().map(View::to_string).collect();
        sqlx::query(
            "UPDATE ledger SET acknowledged_at = $1 WHERE org = $2 AND device = $3 AND view = ANY($4)
             AND until_at IS NOT NULL AND acknowledged_at IS NULL",
        )
        .bind(at)
        .bind(self.org.as_str())
        .bind(device)
        .bind(views)
        .execute(&mut *self.tx)
        .await?;
        Ok(())
    }

    async fn holdings(&mut self, of: &HeldBy<'_>) -> Result<Vec<Holding>> {
        let (device, views) = match of {
            HeldBy::Device(device) => (Some(*device), &[][..]),
            HeldBy::Anyone { views } => (None, *views),
        };
        let rows = sqlx::query(
            "SELECT device, view, from_at, until_at, acknowledged_at FROM ledger
             WHERE org = $1 AND (device = $2 OR view = ANY($3)) ORDER BY from_at, device, view",
        )
        .bind(self.org.as_str())
        .bind(device)
        .bind(views)
        .fetch_all(&mut *self.tx)
        .await?;
        let holding = |row: &PgRow| {
            Ok(Holding {
                device: row.try_get(0)?,
                view: row.try_get(1)?,
                from_at: row.try_get(2)?,
                until_at: row.try_get(3)?,
                acknowledged_at: row.try_get(4)?,
            })
        };
        rows.iter().map(holding).collect()
    }

    async fn photo(&mut self, hash: &str) -> Result<Option<StoredPhoto>> {
        self.find_photo(hash).await
    }

    async fn photos(&mut self) -> Result<Vec<StoredPhoto>> {
        self.find_photos().await
    }

    async fn photo_records(&mut self, hash: &str) -> Result<Vec<RecordId>> {
        self.find_photo_records(hash).await
    }

    async fn forget_unnamed_photos(&mut self, before: Millis) -> Result<u64> {
        self.delete_unnamed_photos(before).await
    }

    async fn wanted_photos(&mut self, hashes: &[String]) -> Result<BTreeSet<String>> {
        self.find_wanted_photos(hashes).await
    }

    async fn photo_bytes_since(&mut self, person: &PersonId, since: Millis) -> Result<u64> {
        self.sum_photo_bytes(person, since).await
    }

    async fn save_photo(
        &mut self,
        photo: &StoredPhoto,
        record: &RecordId,
        person: &PersonId,
        at: Millis,
    ) -> Result<()> {
        self.insert_photo(photo, record, person, at).await
    }
}
