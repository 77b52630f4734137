// The form of a dialog that gives one command: its fields, what the device says against it, and the two buttons.

import { Trans } from "@lingui/react/macro";
import { type ReactNode, useState } from "react";
import { problemOf } from "../bridge";
import type { Problem } from "../bindings";
import { Button } from "../parts/Button";
import { SaidNo } from "./SaidNo";

interface CommandFormProps {
  confirm: string;
  tone?: "primary" | "danger";
  testid: string;
  /** Gives the command; what it throws is shown. */
  give: () => Promise<unknown>;
  onDone: () => void;
  onCancel: () => void;
  onProblem?: (problem: Problem) => void;
  children: ReactNode;
}

export function CommandForm({ confirm, tone = "primary", testid, give, onDone, onCancel, onProblem, children }: CommandFormProps) {
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const send = async () => {
    if (busy) return;
    setBusy(true);
    setProblem(null);
    try {
      await give();
      onDone();
    } catch (error) {
      const said = problemOf(error);
      setProblem(said);
      onProblem?.(said);
    } finally {
      setBusy(false);
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
      {children}
      <SaidNo problem={problem} />
      <div className="buttons end">
        <Button onPress={onCancel}><Trans>Cancel</Trans></Button>
        <button type="submit" className={`button ${tone}`} data-testid={testid} aria-disabled={busy || undefined}>{confirm}</button>
      </div>
    </form>
  );
}
