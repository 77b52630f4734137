// Two people changed the same thing: one value is used, or the other stays, or a third is entered. The decision is kept.

import { t } from "@lingui/core/macro";
import { useState } from "react";
import { useSheet, useStatus } from "../bridge/queries";
import type { Appointment, InspectionType, ReturnedWork, Row, Sheet } from "../bindings";
import { offer, offered, performOrWarn } from "../commands/doing";
import { Data } from "../parts/bits";
import { ActionButton } from "../parts/Button";
import { RecordLink } from "../parts/RecordLink";
import { useTimes } from "../parts/time";
import { EditFinding } from "./EditFinding";
import { Sides } from "./Sides";
import { commandWords } from "./typed";

export function Conflict({ row, work }: { row: Row; work: ReturnedWork }) {
  const { data: sheet } = useSheet(row.id);
  const { data: target } = useSheet(work.target);
  const [isEdited, setEdited] = useState(false);
  const status = useStatus();
  const times = useTimes();
  const adopting = offer(sheet, "adopt_returned_work");
  // Somebody may have written a third value since.
  const contest = adopting?.contest ?? work.contest;
  if (!contest) return null;
  const isMine = work.author === status?.person;
  const { author_name: name } = work;
  const when = times.at(work.claimed_at);
  const other = contest.theirs_by;
  const use = {
    name: "adopt_returned_work",
    label: isMine ? t`Use mine` : t`Use ${name}’s`,
    ...offered(adopting),
    run: () => void performOrWarn({ name: "adopt_returned_work", input: { work: row.id, because: "", over: contest } }, isMine ? t`Yours is used.` : t`${name}’s is used.`),
  };
  const keep = {
    name: "discard_returned_work",
    label: other ? t`Keep ${other}’s` : t`Keep theirs`,
    ...offered(offer(sheet, "discard_returned_work")),
    run: () => void performOrWarn({ name: "discard_returned_work", input: { work: row.id, because: "" } }, t`The other value stays.`),
  };
  const edit = { name: "edit_conflict", label: t`Enter another…`, ...offered(adopting), run: () => setEdited(true) };
  const visit = target?.row.kind === "appointment" ? (target.row.body as Appointment) : null;
  const photosBy = (who?: string) => visit?.photos?.filter((photo) => photo.by === who);
  return (
    <li className="returned" data-testid={`work-${row.id}`} data-conflict={contest.field}>
      <div className="sync-what">
        <h3><RecordLink kind={target?.row.kind ?? null} id={work.target}><Data>{work.target_title}</Data></RecordLink></h3>
        <p className="soft small">{commandWords(work.command.name)}</p>
        <Sides
          contest={contest} mine={isMine ? t`Yours, ${when}` : t`${name}’s, ${when}`} what={lineText(target, contest.field)}
          photosOfMine={photosBy(name)} photosOfTheirs={photosBy(other)}
        />
        <div className="buttons">
          <ActionButton action={use} tone="primary" testid={`adopt-${row.id}`} />
          <ActionButton action={keep} testid={`discard-${row.id}`} />
          {work.command.name === "record_checklist_item" && <ActionButton action={edit} testid={`edit-${row.id}`} />}
        </div>
      </div>
      {isEdited && work.command.name === "record_checklist_item" && <EditFinding work={row.id} input={work.command.input} contest={contest} onClose={() => setEdited(false)} />}
    </li>
  );
}

/** What the line of a checklist says. */
function lineText(target: Sheet | null | undefined, field: string): string | undefined {
  const key = field.startsWith("findings.") ? field.slice("findings.".length) : null;
  const kind = target?.inspection_type?.body as InspectionType | undefined;
  return kind?.checklist.find((item) => item.key === key)?.text;
}
