// The dialogs of the team's day, one at a time.

import { t } from "@lingui/core/macro";
import type { Row } from "../../bindings";
import { type Ask, ReasonDialog } from "../../commands/ReasonDialog";
import { placeName, visitOf } from "../words";
import { BlockDialog } from "./BlockDialog";
import { MoveDialog } from "./MoveDialog";
import { ReassignDialog } from "./ReassignDialog";
import { RulesDialog } from "./RulesDialog";
import { UnavailableDialog } from "./UnavailableDialog";

export type Opens =
  | { what: "reassign"; id: string; to: string | null }
  | { what: "decline"; row: Row }
  | { what: "unavailable"; person: Row }
  | { what: "block" }
  | { what: "rules"; calendar: string }
  | { what: "move"; person: Row; from: string; until: string; marked?: boolean };

interface TeamDialogsProps {
  open: Opens;
  /** The day shown, or today where that is past. */
  day: string;
  roster: Row[];
  /** The calendars in which the person may block time. */
  blockable: Row[];
  /** The calendars whose rules they may change. */
  changeable: Row[];
  onOpen: (what: Opens | null) => void;
}

export function TeamDialogs({ open, day, roster, blockable, changeable, onOpen }: TeamDialogsProps) {
  const close = () => onOpen(null);
  switch (open.what) {
    case "reassign":
      return <ReassignDialog id={open.id} to={open.to} roster={roster} onClose={close} />;
    case "decline":
      return <ReasonDialog ask={declining(open.row)} onClose={close} />;
    case "unavailable":
      return (
        <UnavailableDialog
          person={open.person} day={day} onClose={close}
          onMarked={(from, until) => onOpen({ what: "move", person: open.person, from, until, marked: true })}
        />
      );
    case "block":
      return <BlockDialog calendars={blockable} roster={roster} day={day} onClose={close} />;
    case "rules":
      return <RulesDialog calendars={changeable} calendar={open.calendar} onClose={close} />;
    case "move":
      return <MoveDialog person={open.person} from={open.from} until={open.until} marked={open.marked} roster={roster} onClose={close} />;
  }
}

function declining(row: Row): Ask {
  const [place, inspector] = [placeName(visitOf(row)), visitOf(row).assignee_name];
  return {
    title: t`Decline the request`,
    then: inspector ? t`${place} stays with ${inspector}.` : t`${place} stays with its inspector.`,
    hint: t`Read by the inspector who asked.`,
    confirm: t`Decline`,
    said: t`Declined. Saved on this laptop.`,
    command: (because: string) => ({ name: "decline_request" as const, input: { appointment: row.id, because } }),
  };
}
