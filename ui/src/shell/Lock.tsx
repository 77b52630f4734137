import { useState } from "react";
import { unlock } from "../bridge";
import type { Status } from "../bindings";
import { Field, ProblemLine } from "../parts/bits";
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
    <Alone screen="lock" title="Locked">
      <p className="lead" data-testid="locked-person">{status.name ?? status.username}</p>
      {status.roles && <p className="soft">{status.roles}</p>}
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          if (!busy) void ask(() => unlock({ password })).then((opened) => !opened && setPassword(""));
        }}
      >
        <Field label="Password">
          {(ids) => (
            // eslint-disable-next-line jsx-a11y/no-autofocus -- The only thing to do here.
            <input {...ids} type="password" autoFocus autoComplete="current-password" required data-testid="password" value={password} onChange={(event) => setPassword(event.target.value)} />
          )}
        </Field>
        {shown && <ProblemLine>{shown.sentence}</ProblemLine>}
        <div className="buttons">
          <button type="submit" className="button primary big" aria-disabled={busy || undefined} data-testid="unlock">{busy ? "Opening…" : "Unlock"}</button>
          <button type="button" className="button big" data-testid="switch-user" onClick={() => setSwitching(true)}>Switch user</button>
        </div>
      </form>
      <p className="soft small">{status.waiting > 0 ? `${count(status.waiting)} not sent yet. Nothing is lost while it is locked.` : "Everything you did has been sent."}</p>
    </Alone>
  );
}

const count = (waiting: number) => (waiting === 1 ? "1 change is" : `${waiting} changes are`);
