// What this program is, and whether there is a newer one.

import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { about, installNewer, newerVersion, problemOf } from "../bridge";
import type { Problem } from "../bindings";
import { Data, ProblemLine, Ruled } from "../parts/bits";
import { Button } from "../parts/Button";
import { Dialog } from "../parts/Dialog";


export function AboutDialog({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  return (
    <Dialog title={t`About Bailiwick`} isOpen={isOpen} onClose={onClose} testid="about-dialog">
      <Versions onClose={onClose} />
    </Dialog>
  );
}

function Versions({ onClose }: { onClose: () => void }) {
  const { data } = useQuery({ queryKey: ["about"], queryFn: about });
  const [busy, setBusy] = useState(false);
  /** A newer version's number; null where there is none. */
  const [newer, setNewer] = useState<string | null>();
  const [problem, setProblem] = useState<Problem | null>(null);

  const attempt = async (work: () => Promise<void>) => {
    setBusy(true);
    setProblem(null);
    await work().catch((error: unknown) => setProblem(problemOf(error)));
    setBusy(false);
  };
  const version = data?.version;
  return (
    <>
      {version && <p data-testid="version"><Trans>This is version <Data>{version}</Data>.</Trans></p>}
      <p role="status">
        {data && !data.updates_itself && <Trans>Whoever looks after your computer installs newer versions.</Trans>}
        {newer === null && <Trans>There is no newer version.</Trans>}
        {newer && <Trans>Version <Data>{newer}</Data> is ready. Work that was not sent yet stays on this laptop.</Trans>}
      </p>
      {problem && <ProblemLine><Ruled>{problem.sentence}</Ruled></ProblemLine>}
      <div className="buttons end">
        <Button onPress={onClose} autoFocus><Trans>Close</Trans></Button>
        {data?.updates_itself && !newer && (
          <Button tone="primary" busy={busy} testid="look-for-newer" onPress={() => void attempt(async () => setNewer(await newerVersion()))}><Trans>Look for a newer version</Trans></Button>
        )}
        {newer && <Button tone="primary" busy={busy} testid="install-newer" onPress={() => void attempt(installNewer)}><Trans>Install and start again</Trans></Button>}
      </div>
    </>
  );
}
