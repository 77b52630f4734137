import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useState } from "react";
import { problemOf } from "../../bridge";
import type { Overall, Problem } from "../../bindings";
import { Choice, Field } from "../../parts/bits";
import { Button } from "../../parts/Button";
import { Dialog } from "../../parts/Dialog";
import { perform } from "../../commands/doing";
import { SaidNo } from "../../commands/SaidNo";
import { OVERALL } from "../words";

interface ResultDialogProps {
  id: string;
  isOpen: boolean;
  onClose: () => void;
}

export function ResultDialog(props: ResultDialogProps) {
  return (
    <Dialog title={t`Record the result`} isOpen={props.isOpen} onClose={props.onClose} testid="result-dialog">
      <ResultForm {...props} />
    </Dialog>
  );
}

function ResultForm({ id, onClose }: ResultDialogProps) {
  const [overall, setOverall] = useState<Overall | null>(null);
  const [summary, setSummary] = useState("");
  const [problem, setProblem] = useState<Problem | null>(null);

  const confirm = async () => {
    if (!overall) {
      setProblem({ code: "incomplete", sentence: t`Choose the overall result first.`, denial: null });
      return;
    }
    try {
      const input = { appointment: id, overall, summary: summary.trim() };
      const { label } = OVERALL[overall];
      await perform({ name: "record_result", input }, t`${label}. Saved on this laptop.`);
      onClose();
    } catch (error) {
      setProblem(problemOf(error));
    }
  };

  return (
    <form
      className="form"
      onSubmit={(event) => {
        event.preventDefault();
        void confirm();
      }}
    >
      <Choice
        legend={t`Overall`}
        value={overall}
        onChange={setOverall}
        options={(Object.keys(OVERALL) as Overall[]).map((value) => ({ value, label: OVERALL[value].label, icon: OVERALL[value].icon, testid: `overall-${value}` }))}
      />
      <Field label={t`Summary`} hint={t`What the applicant should know. Optional.`}>
        {(ids) => <textarea {...ids} data-testid="summary" value={summary} onChange={(event) => setSummary(event.target.value)} />}
      </Field>
      <SaidNo problem={problem} />
      <div className="buttons end">
        <Button onPress={onClose}><Trans>Cancel</Trans></Button>
        <button type="submit" className="button primary" data-testid="confirm-result"><Trans>Record result</Trans></button>
      </div>
    </form>
  );
}
