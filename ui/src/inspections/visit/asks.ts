// What each command that needs a reason says before it is given.

import { t } from "@lingui/core/macro";
import type { Sheet } from "../../bindings";
import type { Ask } from "../../commands/ReasonDialog";
import { placeName, visitOf } from "../words";

export type Reasoned = "cancel_appointment" | "mark_no_show" | "mark_access_refused" | "lock_appointment" | "unlock_appointment";

export function askOf(sheet: Sheet, name: Reasoned): Ask {
  const appointment = sheet.row.id;
  const place = placeName(visitOf(sheet.row));
  const command = (because: string) => ({ name, input: { appointment, because } });
  switch (name) {
    case "cancel_appointment":
      return {
        title: t`Cancel the visit`, confirm: t`Cancel visit`, danger: true, command, said: t`Cancelled. Saved on this laptop.`,
        then: t`${place} is called off and does not take place.`, hint: t`Read by the applicant and the inspector.`,
      };
    case "mark_no_show":
      return {
        title: t`Nobody was there`, confirm: t`Record no show`, danger: true, command, said: t`No show recorded. Saved on this laptop.`,
        then: t`The visit is over. Another one has to be booked.`, hint: t`What you tried: rang, called, waited until when.`,
      };
    case "mark_access_refused":
      return {
        title: t`Access refused`, confirm: t`Record access refused`, danger: true, command, said: t`Access refused recorded. Saved on this laptop.`,
        then: t`The visit stays open and waits for a new date.`, hint: t`Who refused, and what was said.`,
      };
    case "lock_appointment":
      return {
        title: t`Lock the visit`, confirm: t`Lock`, command, said: t`Locked. Saved on this laptop.`,
        then: t`Its inspector can read it, but no longer record a status or a result.`, hint: t`Read by the inspector.`,
        inverse: { name: "unlock_appointment", input: { appointment, because: t`Taken back.` } },
      };
    case "unlock_appointment":
      return {
        title: t`Unlock the visit`, confirm: t`Unlock`, command, said: t`Unlocked. Saved on this laptop.`,
        then: t`Its inspector can record a status and a result again.`, hint: t`Kept in the history.`,
      };
  }
}
