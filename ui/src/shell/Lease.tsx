// The office's permission for offline work has run out. What was done is safe; a connection opens it again.

import { plural, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useState } from "react";
import { signIn } from "../bridge";
import type { Status } from "../bindings";
import { Field, ProblemLine, Ruled } from "../parts/bits";
import { ProblemWords } from "../parts/Denial";
import { useTimes } from "../parts/time";
import { Alone } from "./Alone";
import { SignIn } from "./SignIn";
import { useAsk } from "./useAsk";

export function Lease({ status }: { status: Status }) {
  const [password, setPassword] = useState("");
  const [switching, setSwitching] = useState(false);
  const { busy, problem, ask } = useAsk();
  const times = useTimes();
  if (switching) return <SignIn status={status} onCancel={() => setSwitching(false)} />;
  const since = status.lease_ended;
  const ended = status.problem;
  const when = since == null ? null : times.at(since);
  const waits = status.waiting + status.photos_waiting > 0;
  const account = status.name ?? status.username;
  const again = () => signIn({ server: status.server ?? "", username: status.username ?? "", password });
  return (
    <Alone screen="lease" title={ended ? t`Closed by your office` : t`Closed until you connect`}>
      <p className="lead">
        {ended ? <Ruled>{ended.sentence}</Ruled> : when === null ? t`Your time for offline work has ended.` : t`Your time for offline work ended ${when}.`}
      </p>
      <p>
        {!ended && <><Trans>Your office lets a laptop work without a connection for a limited time, so that a lost laptop or a changed role does not stay open.</Trans>{" "}</>}
        <Trans>Records on this laptop cannot be read until the office has let you in again.</Trans>
      </p>
      <p className="notice" data-testid="lease-waiting">
        <span>
          <strong>{unsent(status)}</strong>
          {status.photos_waiting > 0 && ` ${plural(status.photos_waiting, { one: "# photo too.", other: "# photos too." })}`}
          {waits && <>{" "}{status.handed_over ? t`They count once you sign in, or once a supervisor adopts them.` : t`They are kept safe, sealed for your office, and go there as soon as there is a connection.`}</>}
        </span>
      </p>
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          if (!busy) void ask(again).then((opened) => !opened && setPassword(""));
        }}
      >
        <Field label={account ? t`Password of ${account}` : t`Password of your account`} hint={t`Signing in needs a connection.`}>
          {(ids) => <input {...ids} type="password" autoComplete="current-password" required data-testid="password" value={password} onChange={(event) => setPassword(event.target.value)} />}
        </Field>
        {problem && <ProblemLine><ProblemWords problem={problem} /></ProblemLine>}
        <div className="buttons">
          <button type="submit" className="button primary big" aria-disabled={busy || undefined} data-testid="sign-in">{busy ? t`Asking the office…` : t`Sign in again`}</button>
          <button type="button" className="button big" data-testid="switch-user" onClick={() => setSwitching(true)}><Trans>Switch user</Trans></button>
        </div>
      </form>
    </Alone>
  );
}

function unsent({ waiting, photos_waiting, handed_over }: Status): string {
  if (waiting + photos_waiting === 0) return t`Nothing is waiting to be sent.`;
  if (handed_over) return plural(waiting, { one: "# change was handed to your office.", other: "# changes were handed to your office." });
  return plural(waiting, { one: "# change is waiting to be sent.", other: "# changes are waiting to be sent." });
}
