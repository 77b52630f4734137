import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useState } from "react";
import { problemOf } from "../../bridge";
import type { Problem, RequestReason, Sheet } from "../../bindings";
import { Choice, Field } from "../../parts/bits";
import { Button } from "../../parts/Button";
import { Dialog } from "../../parts/Dialog";
import { minuteClock } from "../../parts/time";
import { perform } from "../../commands/doing";
import { SaidNo } from "../../commands/SaidNo";
import { calendarOf, REASON } from "../words";

interface RequestDialogProps {
  id: string;
  sheet: Sheet;
  isOpen: boolean;
  onClose: () => void;
}

export function RequestDialog(props: RequestDialogProps) {
  return (
    <Dialog title={t`Ask for reassignment`} isOpen={props.isOpen} onClose={props.onClose} testid="request-dialog">
      <RequestForm {...props} />
    </Dialog>
  );
}

function RequestForm({ id, sheet, onClose }: RequestDialogProps) {
  const [reason, setReason] = useState<RequestReason | null>(null);
  const [text, setText] = useState("");
  const [problem, setProblem] = useState<Problem | null>(null);
  const cutoff = sheet.calendar && calendarOf(sheet.calendar).cutoff_minute;
  const until = cutoff == null ? null : minuteClock(cutoff);

  const send = async () => {
    if (!reason) {
      setProblem({ code: "incomplete", sentence: t`Choose a reason first.`, denial: null });
      return;
    }
    try {
      await perform({ name: "request_reassignment", input: { appointment: id, reason, text: text.trim() } }, t`Request saved on this laptop.`);
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
      <p><Trans>Your supervisor decides who goes instead. The visit stays yours until then.</Trans>{until !== null && <>{" "}<Trans>Requests are taken until {until} on the day.</Trans></>}</p>
      <Choice
        legend={t`Reason`}
        value={reason}
        onChange={setReason}
        options={(Object.keys(REASON) as RequestReason[]).map((value) => ({ value, label: REASON[value], testid: `reason-${value}` }))}
      />
      <Field label={t`In a few words`} hint={t`Read by your supervisor.`}>
        {(ids) => <textarea {...ids} data-testid="request-text" value={text} onChange={(event) => setText(event.target.value)} />}
      </Field>
      <SaidNo problem={problem} />
      <div className="buttons end">
        <Button onPress={onClose}><Trans>Cancel</Trans></Button>
        <button type="submit" className="button primary" data-testid="confirm-request"><Trans>Send request</Trans></button>
      </div>
    </form>
  );
}
