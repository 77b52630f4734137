// Why a command was not taken, where it was given.

import type { Problem } from "../bindings";
import { ProblemLine } from "../parts/bits";
import { DenialFacts, ProblemWords } from "../parts/Denial";

export function SaidNo({ problem }: { problem: Problem | null }) {
  if (!problem) return null;
  return (
    <ProblemLine>
      <p><ProblemWords problem={problem} /></p>
      {problem.denial && <DenialFacts denial={problem.denial} />}
    </ProblemLine>
  );
}
