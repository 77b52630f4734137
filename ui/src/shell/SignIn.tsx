import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useRef, useState } from "react";
import { signIn } from "../bridge";
import type { Status } from "../bindings";
import { Data, Field, ProblemLine } from "../parts/bits";
import { ProblemWords } from "../parts/Denial";
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
    <Alone screen="sign-in" title={t`Sign in`}>
      {status.accounts.length > 0 && (
        <div role="group" aria-label={t`People who use this laptop`} className="accounts">
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
              <span><Data>{account.name}</Data><span className="hint" translate="no">{account.username}</span></span>
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
        <Field label={t`Server address`} hint={t`From your office, for example https://bailiwick.example.gov`}>
          {(ids) => <input {...ids} type="text" inputMode="url" autoComplete="url" spellCheck={false} autoCapitalize="none" required data-testid="server" value={server} onChange={(event) => setServer(event.target.value)} />}
        </Field>
        <Field label={t`Username`}>
          {(ids) => <input {...ids} type="text" autoComplete="username" spellCheck={false} autoCapitalize="none" required data-testid="username" value={username} onChange={(event) => setUsername(event.target.value)} />}
        </Field>
        <Field label={t`Password`}>
          {(ids) => <input {...ids} ref={secret} type="password" autoComplete="current-password" required data-testid="password" aria-invalid={problem?.code === "wrong_password" || undefined} value={password} onChange={(event) => setPassword(event.target.value)} />}
        </Field>
        {shown && <ProblemLine><ProblemWords problem={shown} /></ProblemLine>}
        <div className="buttons">
          <button type="submit" className="button primary big" aria-disabled={busy || undefined} data-testid="sign-in">
            {busy ? t`Signing in…` : t`Sign in`}
          </button>
          {onCancel && <button type="button" className="button big" onClick={onCancel}><Trans>Back</Trans></button>}
        </div>
      </form>
      <p className="soft small">
        <Trans>
          Working offline? The first sign-in on a laptop needs a connection. After that your password opens your own work without one,
          until the office’s permission for offline work runs out.
        </Trans>
      </p>
    </Alone>
  );
}
