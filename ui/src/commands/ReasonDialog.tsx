// A command that needs nothing but a reason.

import { t } from "@lingui/core/macro";
import { useState } from "react";
import type { Command } from "../bindings";
import { Field } from "../parts/bits";
import { Dialog } from "../parts/Dialog";
import { CommandForm } from "./CommandForm";
import { perform } from "./doing";

export interface Ask {
  title: string;
  /** What happens then, in a sentence. */
  then: string;
  /** Who reads the reason. */
  hint: string;
  confirm: string;
  danger?: boolean;
  said: string;
  command: (because: string) => Command;
  /** What undoes it once it has been sent. */
  inverse?: Command;
}

export function ReasonDialog({ ask, onClose }: { ask: Ask; onClose: () => void }) {
  const [because, setBecause] = useState("");
  return (
    <Dialog title={ask.title} isOpen onClose={onClose} testid="reason-dialog">
      <CommandForm
        confirm={ask.confirm} tone={ask.danger ? "danger" : "primary"} testid="confirm-reason"
        give={() => perform(ask.command(because.trim()), ask.said, ask.inverse)}
        onDone={onClose} onCancel={onClose}
      >
        <p>{ask.then}</p>
        <Field label={t`Reason`} hint={ask.hint}>
          {(ids) => <textarea {...ids} data-testid="because" value={because} onChange={(event) => setBecause(event.target.value)} />}
        </Field>
      </CommandForm>
    </Dialog>
  );
}
