// Neither answer was right: a third one for the same line.

import { msg, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useState } from "react";
import type { CheckAnswer, Contest, Finding, RecordChecklistItem } from "../bindings";
import { CommandForm } from "../commands/CommandForm";
import { perform } from "../commands/doing";
import { Choice, Field } from "../parts/bits";
import { Dialog } from "../parts/Dialog";
import { said } from "../parts/said";

const ANSWERS = said<CheckAnswer>({ pass: msg`Pass`, fail: msg`Fail`, not_applicable: msg`N/A` });

interface EditFindingProps {
  work: string;
  input: RecordChecklistItem;
  contest: Contest;
  onClose: () => void;
}

export function EditFinding({ work, input, contest, onClose }: EditFindingProps) {
  const [answer, setAnswer] = useState<CheckAnswer>(input.finding.answer ?? "pass");
  const [measurement, setMeasurement] = useState(input.finding.measurement == null ? "" : String(input.finding.measurement));
  const [observation, setObservation] = useState(input.finding.observation ?? "");
  const give = () => {
    // People write decimals with a point or a comma.
    const number = measurement.trim() === "" ? undefined : Number(measurement.trim().replace(",", "."));
    const finding: Finding = { answer, measurement: number, observation: observation.trim() };
    const instead = { name: "record_checklist_item" as const, input: { ...input, finding } };
    return perform({ name: "adopt_returned_work", input: { work, because: "", over: contest, instead } }, t`Your answer is used.`);
  };
  return (
    <Dialog title={t`Enter another answer`} isOpen onClose={onClose} testid="edit-finding">
      <CommandForm confirm={t`Use this`} testid="confirm-edit" give={give} onDone={onClose} onCancel={onClose}>
        <p><Trans>It replaces both, in your name. Both stay on record.</Trans></p>
        <Choice
          legend={t`Answer`} value={answer} onChange={setAnswer}
          options={(Object.keys(ANSWERS) as CheckAnswer[]).map((value) => ({ value, label: ANSWERS[value], testid: `edit-${value}` }))}
        />
        <Field label={t`Measurement`}>
          {(ids) => <input {...ids} inputMode="decimal" pattern="-?[0-9]*[.,]?[0-9]*" data-testid="edit-measurement" value={measurement} onChange={(event) => setMeasurement(event.target.value)} />}
        </Field>
        <Field label={t`Observation`}>
          {(ids) => <textarea {...ids} data-testid="edit-observation" value={observation} onChange={(event) => setObservation(event.target.value)} />}
        </Field>
      </CommandForm>
    </Dialog>
  );
}
