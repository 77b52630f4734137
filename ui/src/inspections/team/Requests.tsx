// Who asked to be relieved of a visit, and why; it is given to somebody else, or declined with a reason.

import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useSheet } from "../../bridge/queries";
import type { Row } from "../../bindings";
import { type Action, useActions } from "../../parts/actions";
import { Data } from "../../parts/bits";
import { ActionButton, Button } from "../../parts/Button";
import { href } from "../../parts/route";
import { dayShort, useTimes, windowWords } from "../../parts/time";
import { offer, offered } from "../../commands/doing";
import { placeName, REASON, visitOf } from "../words";
import type { Opens } from "./TeamDialogs";

export function Requests({ rows, onOpen }: { rows: Row[]; onOpen: (what: Opens) => void }) {
  return (
    <section className="section" aria-labelledby="requests-title" data-testid="requests" data-count={rows.length}>
      <h2 id="requests-title"><Trans>Asked to be reassigned</Trans> <span className="soft small">{rows.length}</span></h2>
      {rows.length === 0 && <p className="soft"><Trans>No open requests.</Trans></p>}
      <ul className="requests">{rows.map((row) => <Request key={row.id} row={row} onOpen={onOpen} />)}</ul>
    </section>
  );
}

function Request({ row, onOpen }: { row: Row; onOpen: (what: Opens) => void }) {
  const times = useTimes();
  const { data: sheet } = useSheet(row.id);
  const visit = visitOf(row);
  const { request } = visit;
  const place = placeName(visit);
  const declinable = offer(sheet, "decline_request");
  const reassign: Action = {
    name: "reassign", label: t`Reassign ${place}`, ...offered(offer(sheet, "reassign")), run: () => onOpen({ what: "reassign", id: row.id, to: null }),
  };
  const decline: Action | null = declinable && { name: "decline_request", label: t`Decline…`, ...offered(declinable), run: () => onOpen({ what: "decline", row }) };
  useActions([
    { ...reassign, name: `reassign-${row.id}` },
    ...(decline ? [{ ...decline, name: `decline_request-${row.id}`, label: t`Decline the request for ${place}…` }] : []),
  ]);
  return (
    <li data-testid={`request-${row.id}`}>
      <h3>{request ? REASON[request.reason] : t`Request`}</h3>
      {request?.text && <p><Data>{request.text}</Data></p>}
      <p className="soft small">{request && <><Data>{request.by}</Data>, {times.at(request.at)}</>}</p>
      <p className="small">
        <a href={href({ screen: "inspection", id: row.id })}><Data>{place}</Data></a>
        <br />{visit.day && dayShort(visit.day)}, {windowWords(visit.from_minute, visit.to_minute)}
      </p>
      <div className="buttons">
        <Button icon="swap" label={reassign.label} testid={`request-reassign-${row.id}`} onPress={reassign.run}><Trans>Reassign</Trans></Button>
        {decline && <ActionButton action={decline} testid={`request-decline-${row.id}`} />}
      </div>
    </li>
  );
}
