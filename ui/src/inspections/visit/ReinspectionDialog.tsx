import { plural, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useState } from "react";
import { useList, useStatus } from "../../bridge/queries";
import type { Sheet } from "../../bindings";
import { freshId } from "../../parts/fresh";
import { Field } from "../../parts/bits";
import { Dialog } from "../../parts/Dialog";
import { go } from "../../parts/route";
import { addDays } from "../../parts/time";
import { CommandForm } from "../../commands/CommandForm";
import { offer, perform } from "../../commands/doing";
import { SlotFields } from "../SlotFields";
import { personOf, visitOf } from "../words";

export function ReinspectionDialog({ sheet, onClose }: { sheet: Sheet; onClose: () => void }) {
  const failed = visitOf(sheet.row);
  const today = useStatus()?.today ?? "2000-01-01";
  const [day, setDay] = useState(addDays(today, 7));
  const [minute, setMinute] = useState(failed.from_minute ?? 9 * 60);
  const [assignee, setAssignee] = useState("");
  const { data: people = [] } = useList(
    { kind: "person", index: "calendar", from: `${failed.calendar ?? ""}|`, to: `${failed.calendar ?? ""}|\uffff`, limit: 2_000 },
    failed.calendar != null && offer(sheet, "reassign")?.denial?.code !== "not_granted",
  );
  const lines = Object.values(failed.findings ?? {}).filter((finding) => finding.answer === "fail").length;

  const give = async () => {
    const appointment = freshId("visit");
    await perform(
      { name: "book_reinspection", input: { appointment, reinspects: sheet.row.id, day, from_minute: minute, ...(assignee && { assignee }) } },
      t`Re-inspection booked. Saved on this laptop.`,
    );
    go({ screen: "inspection", id: appointment });
  };

  return (
    <Dialog title={t`Book a re-inspection`} isOpen onClose={onClose} wide testid="reinspection-dialog">
      <CommandForm confirm={t`Book re-inspection`} testid="confirm-reinspection" give={give} onDone={onClose} onCancel={onClose}>
        <p>{lines > 0 ? plural(lines, { one: "Looks again at the line that failed.", other: "Looks again at the # lines that failed." }) : t`Looks again at the whole checklist.`}</p>
        <SlotFields day={day} minute={minute} today={today} onDay={setDay} onMinute={setMinute} testid="reinspection-minute" />
        {people.length > 0 && (
          <Field label={t`Inspector`} hint={t`Can be left open and given later.`}>
            {(ids) => (
              <select {...ids} data-testid="reinspection-assignee" value={assignee} onChange={(event) => setAssignee(event.target.value)}>
                <option value=""><Trans>Nobody yet</Trans></option>
                {people.map((row) => <option key={row.id} value={row.id}>{personOf(row).name}</option>)}
              </select>
            )}
          </Field>
        )}
      </CommandForm>
    </Dialog>
  );
}
