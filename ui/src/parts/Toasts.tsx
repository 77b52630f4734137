import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Button } from "./Button";
import { Icon } from "./Icon";
import { closeToast, holdToast, useToast } from "./toast";
import { useActions } from "./actions";

export function Toasts() {
  const toast = useToast();
  const undo = () => {
    closeToast();
    toast?.undo?.();
  };
  useActions(toast?.undo ? [{ name: "undo", label: t`Undo the last change`, shortcut: "Ctrl+Z", run: undo }] : []);
  return (
    <aside className="toasts" aria-label={t`Messages`} data-react-aria-top-layer="true">
      <div role="status" aria-live="polite">
        {toast && <span key={toast.id} className="visually-hidden" lang={toast.lang}>{toast.text}</span>}
      </div>
      {toast && (
        <div
          className={`toast ${toast.tone}`}
          data-testid="toast"
          onMouseEnter={() => holdToast(true)}
          onMouseLeave={() => holdToast(false)}
          onFocus={() => holdToast(true)}
          onBlur={() => holdToast(false)}
        >
          <Icon name={toast.tone === "done" ? "check" : "alert"} />
          <span aria-hidden="true" lang={toast.lang}>{toast.text}</span>
          {toast.undo && <Button tone="quiet" onPress={undo} testid="undo"><Trans>Undo</Trans></Button>}
          <Button tone="quiet" icon="close" label={t`Close message`} onPress={closeToast}>{null}</Button>
        </div>
      )}
    </aside>
  );
}
