import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useState } from "react";
import { useStatus } from "../../bridge/queries";
import type { Command, Problem, Sheet } from "../../bindings";
import { Field } from "../../parts/bits";
import { Dialog } from "../../parts/Dialog";
import { dayShort, minuteClock, windowWords } from "../../parts/time";
import { CommandForm } from "../../commands/CommandForm";
import { perform } from "../../commands/doing";
import { SlotFields } from "../SlotFields";
import { visitOf } from "../words";

export function RescheduleDialog({ sheet, onClose }: { sheet: Sheet; onClose: () => void }) {
  const visit = visitOf(sheet.row);
  const today = useStatus()?.today ?? "2000-01-01";
  const [day, setDay] = useState(visit.day && visit.day > today ? visit.day : today);
  const [minute, setMinute] = useState(visit.from_minute ?? 9 * 60);
  const [because, setBecause] = useState("");
  // The device has named another visit at this very time, and a manager may mean it all the same.
  const [taken, setTaken] = useState<string | null>(null);
  const now = visit.day ? dayShort(visit.day) : t`without a day`;
  const span = windowWords(visit.from_minute, visit.to_minute);
  const slot = `${day} ${minute}`;
  const overlap_accepted = taken === slot;

  const command = (input: { day: string; from_minute: number; because: string; overlap_accepted: boolean }, saw: typeof visit): Command => ({
    name: "reschedule",
    input: { appointment: sheet.row.id, saw: { day: saw.day ?? null, from_minute: saw.from_minute ?? null }, ...input },
  });
  const give = () => {
    const back = visit.day != null && visit.from_minute != null
      ? command({ day: visit.day, from_minute: visit.from_minute, because: t`Changed back.`, overlap_accepted: true }, { ...visit, day, from_minute: minute })
      : undefined;
    const [toDay, toMinute] = [dayShort(day), minuteClock(minute)];
    const said = t`Moved to ${toDay}, ${toMinute}. Saved on this laptop.`;
    return perform(command({ day, from_minute: minute, because: because.trim(), overlap_accepted }, visit), said, back);
  };
  const heard = ({ denial }: Problem) => setTaken(denial?.code === "overlap" ? slot : null);

  return (
    <Dialog title={t`Reschedule`} isOpen onClose={onClose} wide testid="reschedule-dialog">
      <CommandForm
        confirm={overlap_accepted ? t`Reschedule despite the overlap` : t`Reschedule`} testid="confirm-reschedule"
        give={give} onDone={onClose} onCancel={onClose} onProblem={heard}
      >
        <p><Trans>Now {now}, {span}. It takes as long as before, and is to be confirmed again.</Trans></p>
        <SlotFields day={day} minute={minute} today={today} onDay={setDay} onMinute={setMinute} testid="reschedule-minute" />
        <Field label={t`Reason`} hint={t`Needed where it is too late for the applicant to change it.`}>
          {(ids) => <textarea {...ids} data-testid="because" value={because} onChange={(event) => setBecause(event.target.value)} />}
        </Field>
      </CommandForm>
    </Dialog>
  );
}
