import { useState } from "react";
import { problemOf } from "../../bridge";
import type { Problem, RequestReason, Sheet } from "../../bindings";
import { Choice, Field, ProblemLine } from "../../parts/bits";
import { Button } from "../../parts/Button";
import { DenialFacts } from "../../parts/Denial";
import { Dialog } from "../../parts/Dialog";
import { minuteClock } from "../../parts/time";
import { perform } from "../doing";
import { calendarOf, REASON } from "../words";

interface RequestDialogProps {
  id: string;
  sheet: Sheet;
  isOpen: boolean;
  onClose: () => void;
}

export function RequestDialog(props: RequestDialogProps) {
  return (
    <Dialog title="Ask for reassignment" isOpen={props.isOpen} onClose={props.onClose} testid="request-dialog">
      <RequestForm {...props} />
    </Dialog>
  );
}

function RequestForm({ id, sheet, onClose }: RequestDialogProps) {
  const [reason, setReason] = useState<RequestReason | null>(null);
  const [text, setText] = useState("");
  const [problem, setProblem] = useState<Problem | null>(null);
  const cutoff = sheet.calendar && calendarOf(sheet.calendar).cutoff_minute;

  const send = async () => {
    if (!reason) {
      setProblem({ code: "incomplete", sentence: "Choose a reason first.", denial: null });
      return;
    }
    try {
      await perform({ name: "request_reassignment", input: { appointment: id, reason, text: text.trim() } }, "Request saved on this laptop.");
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
        void send();
      }}
    >
      <p>Your supervisor decides who goes instead. The visit stays yours until then.{cutoff != null && ` Requests are taken until ${minuteClock(cutoff)} on the day.`}</p>
      <Choice
        legend="Reason"
        value={reason}
        onChange={setReason}
        options={(Object.keys(REASON) as RequestReason[]).map((value) => ({ value, label: REASON[value], testid: `reason-${value}` }))}
      />
      <Field label="In a few words" hint="Read by your supervisor.">
        {(ids) => <textarea {...ids} data-testid="request-text" value={text} onChange={(event) => setText(event.target.value)} />}
      </Field>
      {problem && (
        <ProblemLine>
          <p>{problem.denial?.sentence ?? problem.sentence}</p>
          {problem.denial && <DenialFacts denial={problem.denial} />}
        </ProblemLine>
      )}
      <div className="buttons end">
        <Button onPress={onClose}>Cancel</Button>
        <button type="submit" className="button primary" data-testid="confirm-request">Send request</button>
      </div>
    </form>
  );
}
