import { plural, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useState } from "react";
import { unlock } from "../bridge";
import type { Status } from "../bindings";
import { Data, Field, ProblemLine, Ruled } from "../parts/bits";
import { ProblemWords } from "../parts/Denial";
import { Alone } from "./Alone";
import { SignIn } from "./SignIn";
import { useAsk } from "./useAsk";

export function Lock({ status }: { status: Status }) {
  const [password, setPassword] = useState("");
  const [switching, setSwitching] = useState(false);
  const { busy, problem, ask } = useAsk();
  const shown = problem ?? status.problem;
  if (switching) return <SignIn status={status} onCancel={() => setSwitching(false)} />;
  return (
    <Alone screen="lock" title={t`Locked`}>
      <p className="lead" data-testid="locked-person"><Data>{status.name ?? status.username}</Data></p>
      {status.roles && <p className="soft"><Ruled>{status.roles}</Ruled></p>}
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          if (!busy) void ask(() => unlock({ password })).then((opened) => !opened && setPassword(""));
        }}
      >
        <Field label={t`Password`}>
          {(ids) => (
            // eslint-disable-next-line jsx-a11y/no-autofocus -- The only thing to do here.
            <input {...ids} type="password" autoFocus autoComplete="current-password" required data-testid="password" value={password} onChange={(event) => setPassword(event.target.value)} />
          )}
        </Field>
        {shown && <ProblemLine><ProblemWords problem={shown} /></ProblemLine>}
        <div className="buttons">
          <button type="submit" className="button primary big" aria-disabled={busy || undefined} data-testid="unlock">{busy ? t`Opening…` : t`Unlock`}</button>
          <button type="button" className="button big" data-testid="switch-user" onClick={() => setSwitching(true)}><Trans>Switch user</Trans></button>
        </div>
      </form>
      <p className="soft small">{status.waiting > 0
        ? plural(status.waiting, { one: "# change is not sent yet. Nothing is lost while it is locked.", other: "# changes are not sent yet. Nothing is lost while it is locked." })
        : t`Everything you did has been sent.`}</p>
    </Alone>
  );
}
