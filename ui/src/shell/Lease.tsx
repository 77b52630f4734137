// The office's permission for offline work has run out. What was done is safe; a connection opens it again.

import { useState } from "react";
import { signIn } from "../bridge";
import type { Status } from "../bindings";
import { Field, ProblemLine } from "../parts/bits";
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
  const again = () => signIn({ server: status.server ?? "", username: status.username ?? "", password });
  return (
    <Alone screen="lease" title={ended ? "Closed by your office" : "Closed until you connect"}>
      <p className="lead">
        {ended ? ended.sentence : since == null ? "Your time for offline work has ended." : `Your time for offline work ended ${times.at(since)}.`}
      </p>
      <p>
        {!ended && "Your office lets a laptop work without a connection for a limited time, so that a lost laptop or a changed role does not stay open. "}
        Records on this laptop cannot be read until the office has let you in again.
      </p>
      <p className="notice" data-testid="lease-waiting">
        <span>
          <strong>{status.waiting === 0 ? "Nothing is waiting to be sent." : status.waiting === 1 ? "1 change is waiting to be sent." : `${status.waiting} changes are waiting to be sent.`}</strong>
          {status.waiting > 0 && " They are kept safe and go to the office when you sign in."}
          {status.photos_waiting > 0 && ` ${status.photos_waiting === 1 ? "1 photo is" : `${status.photos_waiting} photos are`} kept safe too.`}
        </span>
      </p>
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          if (!busy) void ask(again).then((opened) => !opened && setPassword(""));
        }}
      >
        <Field label={`Password of ${status.name ?? status.username ?? "your account"}`} hint="Signing in needs a connection.">
          {(ids) => <input {...ids} type="password" autoComplete="current-password" required data-testid="password" value={password} onChange={(event) => setPassword(event.target.value)} />}
        </Field>
        {problem && <ProblemLine>{problem.sentence}</ProblemLine>}
        <div className="buttons">
          <button type="submit" className="button primary big" aria-disabled={busy || undefined} data-testid="sign-in">{busy ? "Asking the office…" : "Sign in again"}</button>
          <button type="button" className="button big" data-testid="switch-user" onClick={() => setSwitching(true)}>Switch user</button>
        </div>
      </form>
    </Alone>
  );
}
