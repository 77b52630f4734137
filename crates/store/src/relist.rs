//! Records that were written under earlier rules come to stand in the views of today's.

use crate::{Database, Fault, OfficeTx, Result};
use policy::{Kind, POLICY_VERSION};

/// So many records are listed again in one transaction, so that a serving office waits for none of them long.
const CHUNK: usize = 500;

/// Lists again what the rules have given other views since the database was last opened, and notes by which version of the
/// rules it is listed. Cut off, it begins again with the next opening, and does no harm. Gives how many records it was.
///
/// Since version 3 a visit stands in a view for those who open its calendar in an emergency.
pub fn relist(db: &mut Database) -> Result<u64> {
    let version = db.read(async |tx| Ok::<_, Fault>(tx.org().await?.policy_version))?;
    if version >= POLICY_VERSION {
        return Ok(0);
    }
    let (mut after, mut listed) = (0, 0);
    loop {
        let chunk = async |tx: &mut crate::AnyTx<'_>| {
            let rows = tx.load_after(Kind::Appointment, after, CHUNK).await?;
            if rows.is_empty() {
                tx.note_policy(POLICY_VERSION).await?;
                return Ok::<_, Fault>((None, 0));
            }
            let seq = tx.next_seq().await?;
            for row in &rows {
                tx.put(seq, &row.read()?);
            }
            Ok((rows.last().map(|row| row.number), rows.len() as u64))
        };
        let ((last, records), _) = db.write(chunk)?;
        listed += records;
        match last {
            Some(number) => after = number,
            None => return Ok(listed),
        }
    }
}
