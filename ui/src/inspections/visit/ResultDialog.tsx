import { useState } from "react";
import { problemOf } from "../../bridge";
import type { Overall, Problem } from "../../bindings";
import { Choice, Field, ProblemLine } from "../../parts/bits";
import { Button } from "../../parts/Button";
import { DenialFacts } from "../../parts/Denial";
import { Dialog } from "../../parts/Dialog";
import { perform } from "../doing";
import { OVERALL } from "../words";

interface ResultDialogProps {
  id: string;
  isOpen: boolean;
  onClose: () => void;
}

export function ResultDialog(props: ResultDialogProps) {
  return (
    <Dialog title="Record the result" isOpen={props.isOpen} onClose={props.onClose} testid="result-dialog">
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
      setProblem({ code: "incomplete", sentence: "Choose the overall result first.", denial: null });
      return;
    }
    try {
      const input = { appointment: id, overall, summary: summary.trim() };
      await perform({ name: "record_result", input }, `${OVERALL[overall].label}. Saved on this laptop.`);
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
        legend="Overall"
        value={overall}
        onChange={setOverall}
        options={(Object.keys(OVERALL) as Overall[]).map((value) => ({ value, label: OVERALL[value].label, icon: OVERALL[value].icon, testid: `overall-${value}` }))}
      />
      <Field label="Summary" hint="What the applicant should know. Optional.">
        {(ids) => <textarea {...ids} data-testid="summary" value={summary} onChange={(event) => setSummary(event.target.value)} />}
      </Field>
      {problem && (
        <ProblemLine>
          <p>{problem.denial?.sentence ?? problem.sentence}</p>
          {problem.denial && <DenialFacts denial={problem.denial} />}
        </ProblemLine>
      )}
      <div className="buttons end">
        <Button onPress={onClose}>Cancel</Button>
        <button type="submit" className="button primary" data-testid="confirm-result">Record result</button>
      </div>
    </form>
  );
}
