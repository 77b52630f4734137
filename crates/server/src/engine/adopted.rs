//! A photo that was left sealed is here before anything names it. Once a supervisor has adopted the change that does, it is
//! no longer pending.

use crate::Problem;
use domain::{Answer, Body, Command, Effect, Record};
use store::{OfficeTx, write};

/// Where this command adopts a photo whose bytes were sent for that record, says so in the record.
pub(super) async fn photo_of_adopted<T: OfficeTx>(tx: &mut T, command: &Command) -> Result<(), Problem> {
    let Command::AdoptReturnedWork(adopted) = command else {
        return Ok(());
    };
    let Answer::Found(Record {
        body: Body::ReturnedWork(work),
        ..
    }) = tx.record(&adopted.work).await?
    else {
        return Ok(());
    };
    let Command::AddPhoto(photo) = &work.command else {
        return Ok(());
    };
    if !tx.photo_records(&photo.hash).await?.contains(&photo.appointment) {
        return Ok(());
    }
    if let Answer::Found(Record {
        id,
        body: Body::Appointment(mut visit),
        ..
    }) = tx.record(&photo.appointment).await?
        && visit.photo_arrived(&photo.hash)
    {
        write(tx, &Effect::puts(vec![Record::new(id, *visit)])).await?;
    }
    Ok(())
}
