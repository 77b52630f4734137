// What can be done with a visit: the usual next steps, and behind "More" all else the device speaks of.

import { t } from "@lingui/core/macro";
import type { Sheet } from "../../bindings";
import type { Action } from "../../parts/actions";
import { offer, offered, performOrWarn } from "../../commands/doing";
import { visitOf } from "../words";
import type { Reasoned } from "./asks";

export type Opens = "result" | "request" | "reschedule" | "correct" | "reinspection" | Reasoned;

export function actionsOf(sheet: Sheet, open: (what: Opens) => void) {
  const appointment = sheet.row.id;
  const action = (name: string, label: string, run: () => void, shortcut?: string): Action | null => {
    const affordance = offer(sheet, name);
    return affordance && { name, label, shortcut, ...offered(affordance), run };
  };
  const opens = (name: string, label: string, what: Opens) => action(name, label, () => open(what));
  const start = action("start_inspection", t`Start`, () =>
    void performOrWarn({ name: "start_inspection", input: { appointment } }, t`Started. Saved on this laptop.`));
  const result = action("record_result", t`Record result`, () => open("result"), "Ctrl+Enter");
  const request = opens("request_reassignment", t`Ask for reassignment`, "request");
  const confirm = action("confirm_appointment", t`Confirm`, () =>
    void performOrWarn({ name: "confirm_appointment", input: { appointment } }, t`Confirmed. Saved on this laptop.`));
  const lock = visitOf(sheet.row).lock
    ? opens("unlock_appointment", t`Unlock…`, "unlock_appointment")
    : opens("lock_appointment", t`Lock…`, "lock_appointment");
  const more = [
    confirm,
    opens("reschedule", t`Reschedule…`, "reschedule"),
    opens("mark_no_show", t`No show…`, "mark_no_show"),
    opens("mark_access_refused", t`Access refused…`, "mark_access_refused"),
    opens("cancel_appointment", t`Cancel visit…`, "cancel_appointment"),
    lock,
    opens("correct_result", t`Correct result…`, "correct"),
    opens("book_reinspection", t`Book re-inspection…`, "reinspection"),
  ].filter((one) => one !== null && !neverTheirs(sheet, one.name)) as Action[];
  const usual = [start, result, request].filter((one) => one !== null);
  return { start, result, request, more, all: [...usual, ...more] };
}

/** What no role of this person does is not theirs to be told about on every visit; "My access" says it. */
const neverTheirs = (sheet: Sheet, name: string) => offer(sheet, name)?.denial?.code === "not_granted";
