import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useState } from "react";
import { problemOf } from "../../bridge";
import { useList, useStatus } from "../../bridge/queries";
import type { Permit, Priority, Problem } from "../../bindings";
import { freshId } from "../../parts/fresh";
import { Field } from "../../parts/bits";
import { Button } from "../../parts/Button";
import { Dialog } from "../../parts/Dialog";
import { go } from "../../parts/route";
import { addDays } from "../../parts/time";
import { perform } from "../../commands/doing";
import { SaidNo } from "../../commands/SaidNo";
import { SlotFields } from "../SlotFields";
import { PRIORITY, typeOf } from "../words";

interface BookDialogProps {
  id: string;
  permit: Permit;
  isOpen: boolean;
  onClose: () => void;
}

export function BookDialog(props: BookDialogProps) {
  return (
    <Dialog title={t`Book an inspection`} isOpen={props.isOpen} onClose={props.onClose} wide testid="book-dialog">
      <BookForm {...props} />
    </Dialog>
  );
}

function BookForm({ id, permit, onClose }: BookDialogProps) {
  const status = useStatus();
  const today = status?.today ?? "2000-01-01";
  const { data: types = [] } = useList({ kind: "inspection_type", index: "calendar", from: `${permit.calendar ?? ""}|`, to: `${permit.calendar ?? ""}|\uffff`, limit: 500 });
  const allowed = permit.inspection_types?.length ? types.filter((type) => permit.inspection_types?.includes(type.id)) : types;
  const [type, setType] = useState("");
  const [day, setDay] = useState(addDays(today, 1));
  const [minute, setMinute] = useState(9 * 60);
  const [priority, setPriority] = useState<Priority>("normal");
  const [notes, setNotes] = useState("");
  const [problem, setProblem] = useState<Problem | null>(null);
  const chosen = type || allowed[0]?.id;

  const book = async () => {
    if (!chosen) return;
    const appointment = freshId("visit");
    const input = { appointment, permit: id, inspection_type: chosen, day, from_minute: minute, priority, special_notes: notes.trim() };
    try {
      await perform({ name: "book_appointment", input }, t`Booked. Saved on this laptop.`);
      onClose();
      go({ screen: "inspection", id: appointment });
    } catch (error) {
      setProblem(problemOf(error));
    }
  };

  return (
    <form
      className="form"
      onSubmit={(event) => {
        event.preventDefault();
        void book();
      }}
    >
      <Field label={t`Inspection`}>
        {(ids) => (
          <select {...ids} data-testid="book-type" value={chosen ?? ""} onChange={(event) => setType(event.target.value)}>
            {allowed.map((row) => <option key={row.id} value={row.id}>{typeOf(row).name}</option>)}
          </select>
        )}
      </Field>
      <SlotFields day={day} minute={minute} today={today} onDay={setDay} onMinute={setMinute} testid="book-minute" />
      <Field label={t`Priority`}>
        {(ids) => (
          <select {...ids} data-testid="book-priority" value={priority} onChange={(event) => setPriority(event.target.value as Priority)}>
            {(Object.keys(PRIORITY) as Priority[]).map((one) => <option key={one} value={one}>{PRIORITY[one]?.label ?? t`Normal`}</option>)}
          </select>
        )}
      </Field>
      <Field label={t`Note for the inspector`} hint={t`Optional. Gate codes, dogs, who to ask for.`}>
        {(ids) => <textarea {...ids} data-testid="book-notes" value={notes} onChange={(event) => setNotes(event.target.value)} />}
      </Field>
      <SaidNo problem={problem} />
      <div className="buttons end">
        <Button onPress={onClose}><Trans>Cancel</Trans></Button>
        <button type="submit" className="button primary" data-testid="confirm-book" aria-disabled={!chosen || undefined}><Trans>Book</Trans></button>
      </div>
    </form>
  );
}
