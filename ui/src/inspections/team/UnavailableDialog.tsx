// An inspector is not there for some days. Their visits stay theirs until they are given away, which is asked next.

import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useState } from "react";
import { submit } from "../../bridge";
import { refreshAll } from "../../bridge/queries";
import type { AbsenceReason, Row } from "../../bindings";
import { freshId } from "../../parts/fresh";
import { Choice, Data } from "../../parts/bits";
import { DayField } from "../../parts/DayField";
import { Dialog } from "../../parts/Dialog";
import { CommandForm } from "../../commands/CommandForm";
import { ABSENCE, personOf } from "../words";

interface UnavailableDialogProps {
  person: Row;
  day: string;
  onClose: () => void;
  onMarked: (from: string, until: string) => void;
}

export function UnavailableDialog({ person, day, onClose, onMarked }: UnavailableDialogProps) {
  const { name } = personOf(person);
  const [from, setFrom] = useState(day);
  const [until, setUntil] = useState(day);
  const [reason, setReason] = useState<AbsenceReason>("illness");
  const begin = (chosen: string) => {
    setFrom(chosen);
    if (until < chosen) setUntil(chosen);
  };
  // What follows says that it is saved, and the inspector's menu takes it back.
  const give = async () => {
    await submit({ name: "mark_unavailable", input: { person: person.id, absence: freshId("absence"), from_day: from, until_day: until, reason } });
    await refreshAll();
  };
  return (
    <Dialog title={t`${name} is unavailable`} isOpen onClose={onClose} testid="unavailable-dialog">
      <CommandForm confirm={t`Mark unavailable`} testid="confirm-unavailable" give={give} onDone={() => onMarked(from, until)} onCancel={onClose}>
        <p><Trans>Nothing new can be given to <Data>{name}</Data> on these days. Who takes the visits that are there already is asked next.</Trans></p>
        <div className="side-by-side">
          <DayField label={t`First day`} shown day={from} onChange={begin} />
          <DayField label={t`Last day`} shown day={until} onChange={setUntil} />
        </div>
        <Choice
          row legend={t`Reason`} value={reason} onChange={setReason}
          options={(Object.keys(ABSENCE) as AbsenceReason[]).map((value) => ({ value, label: ABSENCE[value], testid: `absence-${value}` }))}
        />
      </CommandForm>
    </Dialog>
  );
}
