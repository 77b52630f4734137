//! Devices, and the ledger of what they hold, in the office's embedded database.

use super::SqliteTx;
use super::office::person;
use crate::{DeviceRow, HeldBy, Holding, NewDevice, Result};
use policy::Millis;
use policy::views::View;
use rusqlite::{ToSql, params};
use std::collections::BTreeSet;
use sync::Receipt;

impl SqliteTx<'_> {
    pub(super) fn devices_where(&self, condition: &str, value: &dyn ToSql) -> Result<Vec<DeviceRow>> {
        let sql = format!(
            "SELECT d.person, d.id, d.name, d.expires_at, d.revoked_at, d.file_key, d.credential_hash, d.seen_at,
                    d.wipe_at, d.wiped_at, coalesce(a.is_active, 0), d.turn
             FROM device d LEFT JOIN account a ON a.org = d.org AND a.person = d.person
             WHERE d.org = ?1 AND {condition} ORDER BY d.id"
        );
        let mut find = self.tx.prepare_cached(&sql)?;
        let mut rows = find.query(params![self.org.as_str(), value])?;
        let mut devices = Vec::new();
        while let Some(row) = rows.next()? {
            devices.push(DeviceRow {
                person: person(row.get(0)?)?,
                id: row.get(1)?,
                name: row.get(2)?,
                expires_at: row.get(3)?,
                revoked_at: row.get(4)?,
                file_key: row.get(5)?,
                credential_hash: row.get(6)?,
                seen_at: row.get(7)?,
                wipe_at: row.get(8)?,
                wiped_at: row.get(9)?,
                is_active: row.get(10)?,
                turn: row.get(11)?,
            });
        }
        Ok(devices)
    }

    pub(super) fn keep_device(&self, device: &NewDevice<'_>) -> Result<()> {
        let sql = "INSERT INTO device (org, id, person, name, credential_hash, file_key, created_at, seen_at, expires_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7, ?8)
             ON CONFLICT (org, id) DO UPDATE SET
               name = excluded.name, credential_hash = excluded.credential_hash, seen_at = excluded.seen_at,
               expires_at = excluded.expires_at, revoked_at = NULL,
               file_key = coalesce(device.file_key, excluded.file_key)";
        self.tx.prepare_cached(sql)?.execute(params![
            self.org.as_str(),
            device.id,
            device.person.as_str(),
            device.name,
            device.credential_hash,
            device.file_key,
            device.at,
            device.expires_at
        ])?;
        Ok(())
    }

    /// Changes the row of a device; `?1` is the organization and `?2` the device.
    pub(super) fn change_device(&self, sql: &str, id: &str, values: &[&dyn ToSql]) -> Result<()> {
        let org = self.org.as_str();
        let ids: [&dyn ToSql; 2] = [&org, &id];
        let args: Vec<&dyn ToSql> = ids.into_iter().chain(values.iter().copied()).collect();
        self.tx.prepare_cached(sql)?.execute(args.as_slice())?;
        Ok(())
    }

    pub(super) fn note_views(&self, device: &str, epoch: &str, views: &[View], at: Millis) -> Result<()> {
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

    pub(super) fn note_let_go(&self, device: &str, receipt: &Receipt, at: Millis) -> Result<()> {
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

    /// Notes that a device has let everything go.
    pub(super) fn note_empty(&self, device: &str, at: Millis) -> Result<()> {
        self.tx
            .prepare_cached(
                "UPDATE ledger SET until_at = coalesce(until_at, ?1), acknowledged_at = ?1
             WHERE org = ?2 AND device = ?3 AND acknowledged_at IS NULL",
            )?
            .execute(params![at, self.org.as_str(), device])?;
        Ok(())
    }

    pub(super) fn find_holdings(&self, of: &HeldBy<'_>) -> Result<Vec<Holding>> {
        let (condition, value) = match of {
            HeldBy::Device(device) => ("device = ?2", (*device).to_owned()),
            HeldBy::Anyone { views } => (
                "view IN (SELECT value FROM json_each(?2))",
                serde_json::to_string(views)?,
            ),
        };
        let mut find = self.tx.prepare_cached(&format!(
            "SELECT device, view, from_at, until_at, acknowledged_at FROM ledger WHERE org = ?1 AND {condition}
             ORDER BY from_at, device, view"
        ))?;
        let args = params![self.org.as_str(), value];
        let rows = find.query_map(args, |row| {
            Ok(Holding {
                device: row.get(0)?,
                view: row.get(1)?,
                from_at: row.get(2)?,
                until_at: row.get(3)?,
                acknowledged_at: row.get(4)?,
            })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }
}
