// One line, always in the same place: connected or not, what waits, how fresh the work and the permissions are.

import type { Status } from "../bindings";
import { Icon } from "../parts/Icon";
import { href } from "../parts/route";
import { useTimes } from "../parts/time";

export function StatusLine({ status }: { status: Status }) {
  const times = useTimes();
  const { progress } = status;
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
        <strong>{status.online ? "Online" : "Offline"}</strong>
        {" · "}{waitingWords(status)}
        {status.syncing ? " · syncing" : ""}
        {" · last synced "}{times.orNever(status.last_sync)}
        {" · permissions as of "}{times.orNever(status.rights_as_of)}
      </p>
      {status.syncing && progress && <span aria-hidden="true">{progress.done.toLocaleString("en")} of {progress.total.toLocaleString("en")}</span>}
      {status.returned > 0 && (
        <a href={href({ screen: "sync" })} className="status-returned"><Icon name="alert" />{status.returned === 1 ? "1 change came back" : `${status.returned} changes came back`}</a>
      )}
      {status.photos_refused > 0 && (
        <a href={href({ screen: "sync" })} className="status-returned"><Icon name="alert" />{status.photos_refused === 1 ? "1 photo was not taken" : `${status.photos_refused} photos were not taken`}</a>
      )}
      {status.problem && <span className="status-problem" role="alert">{status.problem.sentence}</span>}
    </footer>
  );
}

function waitingWords({ waiting, photos_waiting, photos_paused }: Status): string {
  const changes = waiting === 0 ? "everything sent" : waiting === 1 ? "1 change waiting" : `${waiting} changes waiting`;
  if (photos_waiting === 0) return changes;
  return `${waiting === 0 ? "changes sent" : changes}, ${photos_waiting === 1 ? "1 photo" : `${photos_waiting} photos`} ${photos_paused ? "paused" : "to send"}`;
}
