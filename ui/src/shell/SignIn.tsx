import { useRef, useState } from "react";
import { signIn } from "../bridge";
import type { Status } from "../bindings";
import { Field, ProblemLine } from "../parts/bits";
import { Icon } from "../parts/Icon";
import { go } from "../parts/route";
import { Alone } from "./Alone";
import { useAsk } from "./useAsk";

export function SignIn({ status, onCancel }: { status: Status; onCancel?: () => void }) {
  const [server, setServer] = useState(status.server ?? localStorage.getItem("server") ?? "");
  const [username, setUsername] = useState(onCancel ? "" : (status.username ?? ""));
  const [password, setPassword] = useState("");
  const secret = useRef<HTMLInputElement>(null);
  const { busy, problem, ask } = useAsk();
  const shown = problem ?? status.problem;

  const enter = async () => {
    localStorage.setItem("server", server.trim());
    const entered = await ask(() => signIn({ server: server.trim(), username: username.trim(), password }));
    if (entered) return go({ screen: "today", day: null });
    setPassword("");
    secret.current?.focus();
  };

  return (
    <Alone screen="sign-in" title="Sign in">
      {status.accounts.length > 0 && (
        <div role="group" aria-label="People who use this laptop" className="accounts">
          {status.accounts.map((account) => (
            <button
              key={account.username}
              type="button"
              className="account"
              aria-pressed={account.username === username}
              data-testid={`account-${account.username}`}
              onClick={() => {
                setUsername(account.username);
                secret.current?.focus();
              }}
            >
              <Icon name="person" />
              <span>{account.name}<span className="hint">{account.username}</span></span>
            </button>
          ))}
        </div>
      )}
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          if (!busy) void enter();
        }}
      >
        <Field label="Server address" hint="From your office, for example https://bailiwick.example.gov">
          {(ids) => <input {...ids} type="text" inputMode="url" autoComplete="url" spellCheck={false} autoCapitalize="none" required data-testid="server" value={server} onChange={(event) => setServer(event.target.value)} />}
        </Field>
        <Field label="Username">
          {(ids) => <input {...ids} type="text" autoComplete="username" spellCheck={false} autoCapitalize="none" required data-testid="username" value={username} onChange={(event) => setUsername(event.target.value)} />}
        </Field>
        <Field label="Password">
          {(ids) => <input {...ids} ref={secret} type="password" autoComplete="current-password" required data-testid="password" aria-invalid={problem?.code === "wrong_password" || undefined} value={password} onChange={(event) => setPassword(event.target.value)} />}
        </Field>
        {shown && <ProblemLine>{shown.sentence}</ProblemLine>}
        <div className="buttons">
          <button type="submit" className="button primary big" aria-disabled={busy || undefined} data-testid="sign-in">
            {busy ? "Signing in…" : "Sign in"}
          </button>
          {onCancel && <button type="button" className="button big" onClick={onCancel}>Back</button>}
        </div>
      </form>
      <p className="soft small">
        Working offline? The first sign-in on a laptop needs a connection. After that your password opens your own work without one,
        until the office’s permission for offline work runs out.
      </p>
    </Alone>
  );
}
