// Signing out erases what this laptop holds for the person. It says what, and what would be lost.

import { signOut } from "../bridge";
import type { Status } from "../bindings";
import { ProblemLine } from "../parts/bits";
import { Button } from "../parts/Button";
import { Dialog } from "../parts/Dialog";
import { useAsk } from "./useAsk";

export function SignOutDialog({ isOpen, onClose, status }: { isOpen: boolean; onClose: () => void; status: Status }) {
  return (
    <Dialog title="Sign out of this laptop?" isOpen={isOpen} onClose={onClose} testid="sign-out-dialog">
      <Leaving status={status} onClose={onClose} />
    </Dialog>
  );
}

function Leaving({ status, onClose }: { status: Status; onClose: () => void }) {
  const { busy, problem, ask } = useAsk();
  const unsent = !problem && (status.waiting > 0 || status.photos_waiting > 0);
  return (
    <>
      <p>Everything this laptop holds for {status.name ?? "you"} is erased. The next sign-in needs a connection and fetches it again.</p>
      {unsent && (
        <p className="notice" data-testid="unsent">
          <span>
            <strong>Not sent yet:</strong> {[plural(status.waiting, "change"), plural(status.photos_waiting, "photo")].filter(Boolean).join(" and ")}.
            Sign out once it has been sent, or lock the window instead.
          </span>
        </p>
      )}
      {problem && <ProblemLine>{problem.sentence}</ProblemLine>}
      <div className="buttons end">
        <Button onPress={onClose} autoFocus>Stay signed in</Button>
        {problem?.code === "unsent_work" && (
          <Button tone="danger" busy={busy} testid="discard-and-sign-out" onPress={() => void ask(() => signOut({ discard: true }))}>Throw away unsent work and sign out</Button>
        )}
        {problem?.code !== "unsent_work" && (
          <Button tone="primary" busy={busy} testid="confirm-sign-out" onPress={() => void ask(() => signOut({ discard: false }))}>Sign out</Button>
        )}
      </div>
    </>
  );
}

const plural = (count: number, noun: string) => (count === 0 ? null : count === 1 ? `1 ${noun}` : `${count} ${noun}s`);
