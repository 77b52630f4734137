// What each command that needs a reason says before it is given.

import type { Sheet } from "../../bindings";
import type { Ask } from "../ReasonDialog";
import { placeName, visitOf } from "../words";

export type Reasoned = "cancel_appointment" | "mark_no_show" | "mark_access_refused" | "lock_appointment" | "unlock_appointment";

export function askOf(sheet: Sheet, name: Reasoned): Ask {
  const appointment = sheet.row.id;
  const place = placeName(visitOf(sheet.row));
  const command = (because: string) => ({ name, input: { appointment, because } });
  switch (name) {
    case "cancel_appointment":
      return {
        title: "Cancel the visit", confirm: "Cancel visit", danger: true, command, said: "Cancelled. Saved on this laptop.",
        then: `${place} is called off and does not take place.`, hint: "Read by the applicant and the inspector.",
      };
    case "mark_no_show":
      return {
        title: "Nobody was there", confirm: "Record no show", danger: true, command, said: "No show recorded. Saved on this laptop.",
        then: "The visit is over. Another one has to be booked.", hint: "What you tried: rang, called, waited until when.",
      };
    case "mark_access_refused":
      return {
        title: "Access refused", confirm: "Record access refused", danger: true, command, said: "Access refused recorded. Saved on this laptop.",
        then: "The visit stays open and waits for a new date.", hint: "Who refused, and what was said.",
      };
    case "lock_appointment":
      return {
        title: "Lock the visit", confirm: "Lock", command, said: "Locked. Saved on this laptop.",
        then: "Its inspector can read it, but no longer record a status or a result.", hint: "Read by the inspector.",
        inverse: { name: "unlock_appointment", input: { appointment, because: "Taken back." } },
      };
    case "unlock_appointment":
      return {
        title: "Unlock the visit", confirm: "Unlock", command, said: "Unlocked. Saved on this laptop.",
        then: "Its inspector can record a status and a result again.", hint: "Kept in the history.",
      };
  }
}
