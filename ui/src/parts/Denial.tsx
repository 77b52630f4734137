// Why not: the sentence, the fact that decided, the rule, and who can change it. The same everywhere.

import type { Reason } from "./actions";
import { Button } from "./Button";
import { Dialog } from "./Dialog";

export function DenialFacts({ denial }: { denial: Reason }) {
  return (
    <dl className="facts">
      {denial.fact && <Fact name="What decided" value={denial.fact} />}
      {denial.who && <Fact name="Who can change it" value={denial.who} />}
      <Fact name="Rule" value={denial.rule} />
    </dl>
  );
}

interface DenialDialogProps {
  denial: Reason;
  title: string;
  isOpen: boolean;
  onClose: () => void;
}

export function DenialDialog({ denial, title, isOpen, onClose }: DenialDialogProps) {
  return (
    <Dialog title={`${title}: not possible now`} isOpen={isOpen} onClose={onClose} testid="denial">
      <p className="lead">{denial.sentence}</p>
      <DenialFacts denial={denial} />
      <div className="buttons end">
        <Button tone="primary" onPress={onClose} autoFocus>Close</Button>
      </div>
    </Dialog>
  );
}

function Fact({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}
