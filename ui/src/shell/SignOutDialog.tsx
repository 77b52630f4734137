// Signing out erases what this laptop holds for the person. It says what, and what would be lost.

import { plural, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { signOut } from "../bridge";
import type { Status } from "../bindings";
import { Data, ProblemLine } from "../parts/bits";
import { Button } from "../parts/Button";
import { ProblemWords } from "../parts/Denial";
import { Dialog } from "../parts/Dialog";
import { useAsk } from "./useAsk";

export function SignOutDialog({ isOpen, onClose, status }: { isOpen: boolean; onClose: () => void; status: Status }) {
  return (
    <Dialog title={t`Sign out of this laptop?`} isOpen={isOpen} onClose={onClose} testid="sign-out-dialog">
      <Leaving status={status} onClose={onClose} />
    </Dialog>
  );
}

function Leaving({ status, onClose }: { status: Status; onClose: () => void }) {
  const { busy, problem, ask } = useAsk();
  const account = status.name ?? status.username;
  const changes = plural(status.waiting, { one: "# change", other: "# changes" });
  const photos = plural(status.photos_waiting, { one: "# photo", other: "# photos" });
  const what = status.photos_waiting === 0 ? changes : status.waiting === 0 ? photos : t`${changes} and ${photos}`;
  const unsent = !problem && (status.waiting > 0 || status.photos_waiting > 0);
  return (
    <>
      <p><Trans>Everything this laptop holds for <Data>{account}</Data> is erased. The next sign-in needs a connection and fetches it again.</Trans></p>
      {unsent && (
        <p className="notice" data-testid="unsent">
          <span>
            <Trans><strong>Not sent yet:</strong> {what}. Sign out once it has been sent, or lock the window instead.</Trans>
          </span>
        </p>
      )}
      {problem && <ProblemLine><ProblemWords problem={problem} /></ProblemLine>}
      <div className="buttons end">
        <Button onPress={onClose} autoFocus><Trans>Stay signed in</Trans></Button>
        {problem?.code === "unsent_work" && (
          <Button tone="danger" busy={busy} testid="discard-and-sign-out" onPress={() => void ask(() => signOut({ discard: true }))}><Trans>Throw away unsent work and sign out</Trans></Button>
        )}
        {problem?.code !== "unsent_work" && (
          <Button tone="primary" busy={busy} testid="confirm-sign-out" onPress={() => void ask(() => signOut({ discard: false }))}><Trans>Sign out</Trans></Button>
        )}
      </div>
    </>
  );
}
