// A manager puts a result right. What it was stays in the history; only what differs is sent.

import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useState } from "react";
import type { CheckAnswer, Correction, Finding, Overall, Sheet } from "../../bindings";
import { Choice, Data, Field } from "../../parts/bits";
import { Dialog } from "../../parts/Dialog";
import { CommandForm } from "../../commands/CommandForm";
import { perform } from "../../commands/doing";
import { ANSWER, OVERALL, typeOf, visitOf } from "../words";

export function CorrectDialog({ sheet, onClose }: { sheet: Sheet; onClose: () => void }) {
  const visit = visitOf(sheet.row);
  const items = (sheet.inspection_type && typeOf(sheet.inspection_type).checklist) ?? [];
  const findings = visit.findings ?? {};
  const [overall, setOverall] = useState<Overall>(visit.result?.overall ?? "failed");
  const [summary, setSummary] = useState(visit.result?.summary ?? "");
  const [corrected, setCorrected] = useState<Record<string, Finding>>({});
  const [because, setBecause] = useState("");

  const give = () => {
    const saw: Correction = { overall: visit.result?.overall ?? overall, summary: visit.result?.summary ?? "", findings: {} };
    const correction: Correction = { overall, summary: summary.trim(), findings: corrected };
    for (const key of Object.keys(corrected)) saw.findings[key] = findings[key] ?? {};
    const input = { appointment: sheet.row.id, saw, correction, because: because.trim() };
    return perform({ name: "correct_result", input }, t`Corrected. Saved on this laptop.`);
  };

  return (
    <Dialog title={t`Correct the result`} isOpen onClose={onClose} wide testid="correct-dialog">
      <CommandForm confirm={t`Correct result`} testid="confirm-correct" give={give} onDone={onClose} onCancel={onClose}>
        <Choice
          legend={t`Overall`} value={overall} onChange={setOverall}
          options={(Object.keys(OVERALL) as Overall[]).map((value) => ({ value, label: OVERALL[value].label, icon: OVERALL[value].icon, testid: `correct-${value}` }))}
        />
        <Field label={t`Summary`}>
          {(ids) => <textarea {...ids} data-testid="correct-summary" value={summary} onChange={(event) => setSummary(event.target.value)} />}
        </Field>
        {items.length > 0 && (
          <fieldset className="correct-lines">
            <legend><Trans>Checklist</Trans></legend>
            {items.map((item) => {
              const now = corrected[item.key] ?? findings[item.key] ?? {};
              const set = (answer: CheckAnswer) => setCorrected({ ...corrected, [item.key]: { ...now, answer } });
              return (
                <label key={item.key} className="correct-line">
                  <span><Data>{item.text}</Data></span>
                  <select data-testid={`correct-item-${item.key}`} value={now.answer ?? ""} onChange={(event) => set(event.target.value as CheckAnswer)}>
                    {!now.answer && <option value=""><Trans>Not answered</Trans></option>}
                    {(Object.keys(ANSWER) as CheckAnswer[]).map((value) => <option key={value} value={value}>{ANSWER[value]}</option>)}
                  </select>
                </label>
              );
            })}
          </fieldset>
        )}
        <Field label={t`Reason`} hint={t`Kept in the history, with what it was before.`}>
          {(ids) => <textarea {...ids} data-testid="because" value={because} onChange={(event) => setBecause(event.target.value)} />}
        </Field>
      </CommandForm>
    </Dialog>
  );
}
