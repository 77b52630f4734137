// Who asked to be relieved of a visit, and why; it is given to somebody else, or declined with a reason.

import { useSheet } from "../../bridge/queries";
import type { Row } from "../../bindings";
import { type Action, useActions } from "../../parts/actions";
import { ActionButton, Button } from "../../parts/Button";
import { href } from "../../parts/route";
import { dayShort, useTimes, windowWords } from "../../parts/time";
import { offer, offered } from "../doing";
import { placeName, REASON, visitOf } from "../words";
import type { Opens } from "./TeamDialogs";

export function Requests({ rows, onOpen }: { rows: Row[]; onOpen: (what: Opens) => void }) {
  return (
    <section className="section" aria-labelledby="requests-title" data-testid="requests" data-count={rows.length}>
      <h2 id="requests-title">Asked to be reassigned <span className="soft small">{rows.length}</span></h2>
      {rows.length === 0 && <p className="soft">No open requests.</p>}
      <ul className="requests">{rows.map((row) => <Request key={row.id} row={row} onOpen={onOpen} />)}</ul>
    </section>
  );
}

function Request({ row, onOpen }: { row: Row; onOpen: (what: Opens) => void }) {
  const times = useTimes();
  const { data: sheet } = useSheet(row.id);
  const visit = visitOf(row);
  const { request } = visit;
  const declinable = offer(sheet, "decline_request");
  const reassign: Action = {
    name: "reassign", label: `Reassign ${placeName(visit)}`, ...offered(offer(sheet, "reassign")), run: () => onOpen({ what: "reassign", id: row.id, to: null }),
  };
  const decline: Action | null = declinable && { name: "decline_request", label: "Decline…", ...offered(declinable), run: () => onOpen({ what: "decline", row }) };
  useActions([
    { ...reassign, name: `reassign-${row.id}` },
    ...(decline ? [{ ...decline, name: `decline_request-${row.id}`, label: `Decline the request for ${placeName(visit)}…` }] : []),
  ]);
  return (
    <li data-testid={`request-${row.id}`}>
      <h3>{request ? REASON[request.reason] : "Request"}</h3>
      {request?.text && <p>{request.text}</p>}
      <p className="soft small">{request && `${request.by}, ${times.at(request.at)}`}</p>
      <p className="small">
        <a href={href({ screen: "inspection", id: row.id })}>{placeName(visit)}</a>
        <br />{visit.day && dayShort(visit.day)}, {windowWords(visit.from_minute, visit.to_minute)}
      </p>
      <div className="buttons">
        <Button icon="swap" label={reassign.label} testid={`request-reassign-${row.id}`} onPress={reassign.run}>Reassign</Button>
        {decline && <ActionButton action={decline} testid={`request-decline-${row.id}`} />}
      </div>
    </li>
  );
}
