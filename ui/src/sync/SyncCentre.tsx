// Everything between this laptop and the office: what is to be decided, what waits, what came back, what is held, what was removed.

import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { syncNow } from "../bridge";
import { takeStatus, useStatus } from "../bridge/queries";
import type { Status } from "../bindings";
import type { Action } from "../parts/actions";
import { useActions } from "../parts/actions";
import { Chip } from "../parts/bits";
import { ActionButton } from "../parts/Button";
import { Screen } from "../parts/Screen";
import { useTimes } from "../parts/time";
import { warn } from "../parts/toast";
import { problemOf } from "../bridge";
import { AccessTray, ReviewedSection } from "./AccessTray";
import { DecidedSection } from "./DecidedSection";
import { HoldingsSection } from "./HoldingsSection";
import { PhotosSection } from "./PhotosSection";
import { ReturnedList } from "./ReturnedList";
import { TraySection } from "./TraySection";
import { WaitingList } from "./WaitingList";
import "./sync.css";

export function SyncCentre() {
  const status = useStatus();
  const now: Action = {
    name: "sync_now",
    label: status?.syncing ? t`Syncing…` : t`Sync now`,
    shortcut: "Ctrl+R",
    run: () => void syncNow().then(takeStatus, (error: unknown) => warn(problemOf(error).sentence, "en")),
  };
  useActions([now]);
  if (!status) return null;
  return (
    <Screen name="sync" title={t`Sync`} className="reading" actions={<ActionButton action={now} tone="primary" icon="sync" testid="sync-now" />}>
      <Connection status={status} />
      <AccessTray />
      <TraySection />
      <ReturnedList />
      <WaitingList status={status} />
      <PhotosSection />
      <DecidedSection />
      <ReviewedSection />
      <HoldingsSection />
    </Screen>
  );
}

function Connection({ status }: { status: Status }) {
  const times = useTimes();
  return (
    <dl className="sync-facts">
      <div><dt><Trans>Connection</Trans></dt><dd><Chip icon={status.online ? "online" : "offline"} tone={status.online ? "good" : "attention"}>{status.online ? t`Online` : t`Offline`}</Chip></dd></div>
      <div><dt><Trans>Last synced</Trans></dt><dd>{times.orNever(status.last_sync)}</dd></div>
      <div><dt><Trans>Permissions as of</Trans></dt><dd>{times.orNever(status.rights_as_of)}</dd></div>
      <div><dt><Trans>Offline work until</Trans></dt><dd>{status.lease_until == null ? t`no limit` : times.at(status.lease_until)}</dd></div>
      {status.server && <div><dt><Trans>Server</Trans></dt><dd translate="no">{status.server}</dd></div>}
    </dl>
  );
}
