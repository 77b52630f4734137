// Who asked to be relieved of a visit, and why.

import type { Row } from "../../bindings";
import { Button } from "../../parts/Button";
import { href } from "../../parts/route";
import { dayShort, useTimes, windowWords } from "../../parts/time";
import { placeName, REASON, visitOf } from "../words";

export function Requests({ rows, onReassign }: { rows: Row[]; onReassign: (id: string) => void }) {
  const times = useTimes();
  return (
    <section className="section" aria-labelledby="requests-title" data-testid="requests" data-count={rows.length}>
      <h2 id="requests-title">Asked to be reassigned <span className="soft small">{rows.length}</span></h2>
      {rows.length === 0 && <p className="soft">No open requests.</p>}
      <ul className="requests">
        {rows.map((row) => {
          const visit = visitOf(row);
          const { request } = visit;
          return (
            <li key={row.id} data-testid={`request-${row.id}`}>
              <h3>{request ? REASON[request.reason] : "Request"}</h3>
              {request?.text && <p>{request.text}</p>}
              <p className="soft small">{request && `${request.by}, ${times.at(request.at)}`}</p>
              <p className="small">
                <a href={href({ screen: "inspection", id: row.id })}>{placeName(visit)}</a>
                <br />{visit.day && dayShort(visit.day)}, {windowWords(visit.from_minute, visit.to_minute)}
              </p>
              <Button icon="swap" label={`Reassign ${placeName(visit)}`} testid={`request-reassign-${row.id}`} onPress={() => onReassign(row.id)}>Reassign</Button>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
