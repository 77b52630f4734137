// A button that says why it cannot be pressed. It stays focusable, so that everyone can find out.

import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { type ReactNode, useId, useState } from "react";
import type { Action } from "./actions";
import { Ruled } from "./bits";
import { DenialDialog } from "./Denial";
import { Icon, type IconName } from "./Icon";

type Tone = "primary" | "plain" | "quiet" | "danger";

interface ButtonProps {
  children: ReactNode;
  onPress: () => void;
  tone?: Tone;
  icon?: IconName;
  big?: boolean;
  busy?: boolean;
  label?: string;
  testid?: string;
  autoFocus?: boolean;
  shortcut?: string;
  pressed?: boolean;
}

export function Button({ children, onPress, tone = "plain", icon, big, busy, label, testid, shortcut, pressed, autoFocus }: ButtonProps) {
  return (
    <button
      type="button"
      className={`button ${tone}${big ? " big" : ""}`}
      aria-label={label}
      aria-disabled={busy || undefined}
      aria-pressed={pressed}
      aria-keyshortcuts={ariaKeys(shortcut)}
      title={label && shortcut ? `${label} (${shortcut})` : label}
      data-testid={testid}
      // eslint-disable-next-line jsx-a11y/no-autofocus -- Only dialogs ask for it, on their first field.
      autoFocus={autoFocus}
      onClick={() => !busy && onPress()}
    >
      {icon && <Icon name={icon} />}
      {children}
    </button>
  );
}

interface ActionButtonProps {
  action: Action;
  tone?: Tone;
  icon?: IconName;
  big?: boolean;
  testid?: string;
}

export function ActionButton({ action, tone = "plain", icon, big, testid }: ActionButtonProps) {
  const [asked, setAsked] = useState(false);
  const reason = useId();
  const { denial, label } = action;
  return (
    <span className="offer">
      <button
        type="button"
        className={`button ${tone}${big ? " big" : ""}`}
        aria-disabled={denial ? true : undefined}
        aria-describedby={denial || action.asksOffice ? reason : undefined}
        aria-keyshortcuts={ariaKeys(action.shortcut)}
        data-testid={testid}
        data-command={action.name}
        onClick={() => (denial ? setAsked(true) : action.run())}
      >
        {icon && <Icon name={icon} />}
        {action.label}
        {action.shortcut && !denial && <Keys of={action.shortcut} />}
      </button>
      {denial && (
        <button type="button" className="why" aria-label={t`Why can’t I? ${label}`} onClick={() => setAsked(true)}>
          <Trans>Why?</Trans>
        </button>
      )}
      {denial && <span id={reason} className="offer-reason"><Ruled>{denial.sentence}</Ruled></span>}
      {!denial && action.asksOffice && <span id={reason} className="offer-reason"><Trans>The office decides this when you are back online.</Trans></span>}
      {denial && <DenialDialog denial={denial} title={action.label} isOpen={asked} onClose={() => setAsked(false)} />}
    </span>
  );
}

export function Keys({ of }: { of: string }) {
  return <kbd aria-hidden="true" translate="no" dir="ltr">{of.replace("Escape", "Esc").replaceAll("+", " ")}</kbd>;
}

const ariaKeys = (shortcut?: string) => shortcut?.replace("Ctrl", "Control");
