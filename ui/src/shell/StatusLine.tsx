// One line, always in the same place: connected or not, what waits, how fresh the work and the permissions are.

import { plural, t } from "@lingui/core/macro";
import type { Status } from "../bindings";
import { Dots } from "../parts/bits";
import { ProblemWords } from "../parts/Denial";
import { Icon } from "../parts/Icon";
import { count } from "../parts/language";
import { href } from "../parts/route";
import { useTimes } from "../parts/time";

export function StatusLine({ status }: { status: Status }) {
  const times = useTimes();
  const { progress } = status;
  const synced = times.orNever(status.last_sync);
  const permitted = times.orNever(status.rights_as_of);
  const done = count(progress?.done ?? 0);
  const total = count(progress?.total ?? 0);
  return (
    <footer
      className={`status-line${status.online ? "" : " offline"}`}
      data-testid="status-line"
      data-online={status.online}
      data-waiting={status.waiting}
      data-syncing={status.syncing}
    >
      <Icon name={status.online ? "online" : "offline"} />
      <p role="status" aria-live="polite">
        <Dots
          parts={[
            <strong key="line">{status.online ? t`Online` : t`Offline`}</strong>, waitingWords(status), status.syncing && t`syncing`,
            t`last synced ${synced}`, t`permissions as of ${permitted}`,
          ]}
        />
      </p>
      {status.syncing && progress && <span aria-hidden="true">{t`${done} of ${total}`}</span>}
      {status.returned > 0 && (
        <a href={href({ screen: "sync" })} className="status-returned"><Icon name="alert" />{plural(status.returned, { one: "# change came back", other: "# changes came back" })}</a>
      )}
      {status.photos_refused > 0 && (
        <a href={href({ screen: "sync" })} className="status-returned"><Icon name="alert" />{plural(status.photos_refused, { one: "# photo was not taken", other: "# photos were not taken" })}</a>
      )}
      {status.problem && <span className="status-problem" role="alert"><ProblemWords problem={status.problem} /></span>}
    </footer>
  );
}

function waitingWords({ waiting, photos_waiting, photos_paused }: Status): string {
  const changes = plural(waiting, { one: "# change waiting", other: "# changes waiting" });
  if (photos_waiting === 0) return waiting === 0 ? t`everything sent` : changes;
  const photos = photos_paused
    ? plural(photos_waiting, { one: "# photo paused", other: "# photos paused" })
    : plural(photos_waiting, { one: "# photo to send", other: "# photos to send" });
  return waiting === 0 ? t`changes sent, ${photos}` : `${changes}, ${photos}`;
}
