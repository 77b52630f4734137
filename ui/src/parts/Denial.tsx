// Why not: the sentence, the fact that decided, the rule, and who can change it. The same everywhere.

import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import type { Problem } from "../bindings";
import type { Reason } from "./actions";
import { Ruled } from "./bits";
import { Button } from "./Button";
import { Dialog } from "./Dialog";

export function DenialFacts({ denial }: { denial: Reason }) {
  return (
    <dl className="facts">
      {denial.fact && <Fact name={t`What decided`} value={denial.fact} />}
      {denial.who && <Fact name={t`Who can change it`} value={denial.who} />}
      <Fact name={t`Rule`} value={denial.rule} />
    </dl>
  );
}

/** A problem in one sentence. Only what this window found out itself is said in its language. */
export function ProblemWords({ problem }: { problem: Problem }) {
  return problem.code === "incomplete" || problem.code === "unknown" ? problem.sentence : <Ruled>{problem.denial?.sentence ?? problem.sentence}</Ruled>;
}

interface DenialDialogProps {
  denial: Reason;
  title: string;
  isOpen: boolean;
  onClose: () => void;
}

export function DenialDialog({ denial, title, isOpen, onClose }: DenialDialogProps) {
  return (
    <Dialog title={t`${title}: not possible now`} isOpen={isOpen} onClose={onClose} testid="denial">
      <p className="lead"><Ruled>{denial.sentence}</Ruled></p>
      <DenialFacts denial={denial} />
      <div className="buttons end">
        <Button tone="primary" onPress={onClose} autoFocus><Trans>Close</Trans></Button>
      </div>
    </Dialog>
  );
}

function Fact({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd><Ruled>{value}</Ruled></dd>
    </div>
  );
}
