// Asking the device for a new status: one thing at a time, with the problem kept next to where it was asked.

import { useState } from "react";
import { problemOf } from "../bridge";
import { refreshAll, takeStatus } from "../bridge/queries";
import type { Problem, Status } from "../bindings";

export function useAsk() {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const ask = async (question: () => Promise<Status>): Promise<boolean> => {
    setBusy(true);
    setProblem(null);
    try {
      takeStatus(await question());
      void refreshAll();
      return true;
    } catch (error) {
      setProblem(problemOf(error));
      return false;
    } finally {
      setBusy(false);
    }
  };
  return { busy, problem, ask };
}
