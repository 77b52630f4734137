//! How changes are written: a statement for each table, whatever their number.

use super::PostgresTx;
use crate::{Changes, Fault, Result, StoredCommand};
use sqlx::Row as _;
use sqlx::postgres::PgRow;
use std::collections::HashMap;

impl PostgresTx<'_> {
    pub(super) async fn save_all(&mut self, changes: &Changes<'_>) -> Result<()> {
        sqlx::query("UPDATE org SET seq = $1, rights_seq = coalesce($2, rights_seq) WHERE id = $3")
            .bind(changes.seq)
            .bind(changes.rights_seq)
            .bind(self.org.as_str())
            .execute(&mut *self.tx)
            .await?;
        if !changes.records.is_empty() {
            let views = self.save_views(changes).await?;
            let numbers = self.save_rows(changes).await?;
            self.save_keys(changes, &numbers).await?;
            self.save_entries(changes, &numbers, &views).await?;
        }
        if !changes.commands.is_empty() {
            self.save_commands(&changes.commands).await?;
        }
        Ok(())
    }

    async fn save_views(&mut self, changes: &Changes<'_>) -> Result<Vec<i64>> {
        let views = &changes.views;
        let names: Vec<&str> = views.iter().map(|view| view.name.as_str()).collect();
        let seqs: Vec<i64> = views.iter().map(|view| view.seq).collect();
        let counts: Result<Vec<i64>> = views.iter().map(|view| count(view.tally.count)).collect();
        let sums: Vec<Vec<u8>> = views
            .iter()
            .map(|view| view.tally.sum.to_bytes().to_vec())
            .collect();
        let rows = sqlx::query(
            "INSERT INTO view (org, name, seq, count, sum)
             SELECT $1, * FROM unnest($2::text[], $3::bigint[], $4::bigint[], $5::bytea[])
             ON CONFLICT (org, name) DO UPDATE SET seq = excluded.seq, count = excluded.count, sum = excluded.sum
             RETURNING name, id",
        )
        .bind(self.org.as_str())
        .bind(&names)
        .bind(seqs)
        .bind(counts?)
        .bind(sums)
        .fetch_all(&mut *self.tx)
        .await?;
        let mut ids = numbers_of(&rows)?;
        names
            .iter()
            .map(|name| ids.remove(*name).ok_or_else(|| not_saved(name)))
            .collect()
    }

    async fn save_rows(&mut self, changes: &Changes<'_>) -> Result<Vec<i64>> {
        let records = &changes.records;
        let ids: Vec<&str> = records.iter().map(|record| record.id.as_str()).collect();
        let kinds: Vec<&str> = records.iter().map(|record| record.kind.name()).collect();
        let revisions: Vec<i64> = records.iter().map(|record| record.revision).collect();
        let bodies: Vec<&str> = records.iter().map(|record| record.body.as_str()).collect();
        let rows = sqlx::query(
            "INSERT INTO record (org, id, kind, revision, body)
             SELECT $1, * FROM unnest($2::text[], $3::text[], $4::bigint[], $5::text[])
             ON CONFLICT (org, id) DO UPDATE SET revision = excluded.revision, body = excluded.body
             RETURNING id, n",
        )
        .bind(self.org.as_str())
        .bind(&ids)
        .bind(kinds)
        .bind(revisions)
        .bind(bodies)
        .fetch_all(&mut *self.tx)
        .await?;
        let mut numbers = numbers_of(&rows)?;
        ids.iter()
            .map(|id| numbers.remove(*id).ok_or_else(|| not_saved(id)))
            .collect()
    }

    /// Writes the keys that changed: those gone first, then those that are new.
    async fn save_keys(&mut self, changes: &Changes<'_>, numbers: &[i64]) -> Result<()> {
        let (mut kinds, mut names, mut keys, mut ns) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for (record, number) in changes.records.iter().zip(numbers) {
            for (name, key) in &record.keys {
                kinds.push(record.kind.name());
                names.push(*name);
                keys.push(key.as_str());
                ns.push(*number);
            }
        }
        let old: Vec<i64> = changes
            .records
            .iter()
            .filter_map(|record| record.number)
            .collect();
        if !old.is_empty() {
            sqlx::query(
                "DELETE FROM record_key k WHERE k.org = $1 AND k.n = ANY($2) AND NOT EXISTS (
                   SELECT FROM unnest($3::text[], $4::text[], $5::bigint[]) AS new (name, key, n)
                   WHERE new.n = k.n AND new.name = k.name AND new.key = k.key)",
            )
            .bind(self.org.as_str())
            .bind(old)
            .bind(&names)
            .bind(&keys)
            .bind(&ns)
            .execute(&mut *self.tx)
            .await?;
        }
        sqlx::query(
            "INSERT INTO record_key (org, kind, name, key, n)
             SELECT $1, * FROM unnest($2::text[], $3::text[], $4::text[], $5::bigint[]) ON CONFLICT DO NOTHING",
        )
        .bind(self.org.as_str())
        .bind(kinds)
        .bind(names)
        .bind(keys)
        .bind(ns)
        .execute(&mut *self.tx)
        .await?;
        Ok(())
    }

    async fn save_entries(&mut self, changes: &Changes<'_>, numbers: &[i64], ids: &[i64]) -> Result<()> {
        let (mut views, mut ns, mut seqs) = (Vec::new(), Vec::new(), Vec::new());
        let (mut present, mut hashes) = (Vec::new(), Vec::new());
        for (record, number) in changes.records.iter().zip(numbers) {
            for entry in &record.entries {
                views.push(ids[entry.view]);
                ns.push(*number);
                seqs.push(entry.seq);
                present.push(entry.hash.is_some());
                hashes.push(entry.hash.unwrap_or_default().to_bytes().to_vec());
            }
        }
        sqlx::query(
            "INSERT INTO entry (org, view, n, seq, present, hash)
             SELECT $1, * FROM unnest($2::bigint[], $3::bigint[], $4::bigint[], $5::boolean[], $6::bytea[])
             ON CONFLICT (org, view, n) DO UPDATE
               SET seq = excluded.seq, present = excluded.present, hash = excluded.hash",
        )
        .bind(self.org.as_str())
        .bind(views)
        .bind(ns)
        .bind(seqs)
        .bind(present)
        .bind(hashes)
        .execute(&mut *self.tx)
        .await?;
        Ok(())
    }

    async fn save_commands(&mut self, commands: &[&StoredCommand]) -> Result<()> {
        let texts = |of: &dyn Fn(&StoredCommand) -> String| -> Vec<String> {
            commands.iter().map(|command| of(command)).collect()
        };
        let targets: std::result::Result<Vec<_>, _> = commands
            .iter()
            .map(|command| serde_json::to_string(&command.targets))
            .collect();
        let answers: std::result::Result<Vec<_>, _> = commands
            .iter()
            .map(|command| serde_json::to_string(&command.answer))
            .collect();
        let hashes: Vec<Vec<u8>> = commands
            .iter()
            .map(|command| command.body_hash.to_vec())
            .collect();
        let seqs: Vec<Option<i64>> = commands.iter().map(|command| command.seq).collect();
        let envelopes: Vec<Option<&str>> = commands
            .iter()
            .map(|command| command.envelope.as_deref())
            .collect();
        let claimed: Vec<i64> = commands.iter().map(|command| command.claimed_at).collect();
        let received: Vec<i64> = commands.iter().map(|command| command.received_at).collect();
        sqlx::query(
            "INSERT INTO command
               (org, id, body_hash, person, device, name, targets, claimed_at, received_at, seq, answer, envelope)
             SELECT $1, * FROM unnest($2::text[], $3::bytea[], $4::text[], $5::text[], $6::text[], $7::text[],
                                      $8::bigint[], $9::bigint[], $10::bigint[], $11::text[], $12::text[])
             ON CONFLICT (org, id) DO UPDATE SET device = excluded.device, received_at = excluded.received_at,
               seq = excluded.seq, answer = excluded.answer, envelope = excluded.envelope",
        )
        .bind(self.org.as_str())
        .bind(texts(&|command| command.id.as_str().to_owned()))
        .bind(hashes)
        .bind(texts(&|command| command.person.to_string()))
        .bind(texts(&|command| command.device.clone()))
        .bind(texts(&|command| command.name.clone()))
        .bind(targets?)
        .bind(claimed)
        .bind(received)
        .bind(seqs)
        .bind(answers?)
        .bind(envelopes)
        .execute(&mut *self.tx)
        .await?;
        Ok(())
    }
}

fn count(number: u64) -> Result<i64> {
    i64::try_from(number).map_err(|_| Fault::Other(format!("a count of {number}")))
}

fn numbers_of(rows: &[PgRow]) -> Result<HashMap<String, i64>> {
    rows.iter()
        .map(|row| Ok((row.try_get(0)?, row.try_get(1)?)))
        .collect()
}

fn not_saved(what: &str) -> Fault {
    Fault::Other(format!("{what} was not saved"))
}
