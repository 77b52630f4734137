// The same day as a table, for those who read better in rows.

import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useState } from "react";
import { Data } from "../../parts/bits";
import { Button } from "../../parts/Button";
import { href } from "../../parts/route";
import { windowWords } from "../../parts/time";
import { VisitChips } from "../chips";
import { placeName, visitOf } from "../words";
import type { Lane } from "./load";

const STEP = 200;

export function TeamTable({ lanes, onReassign }: { lanes: Lane[]; onReassign: (id: string) => void }) {
  const [shown, setShown] = useState(STEP);
  const lines = lanes.flatMap((lane) => lane.visits.map((row) => ({ row, lane })));
  const total = lines.length;
  const more = Math.min(STEP, total - shown);
  return (
    <div className="table-scroll">
      <table data-testid="team-table" aria-rowcount={lines.length + 1}>
        <caption className="visually-hidden"><Trans>Visits of the day by inspector</Trans></caption>
        <thead>
          <tr><th scope="col"><Trans>Inspector</Trans></th><th scope="col"><Trans>Time</Trans></th><th scope="col"><Trans>Where</Trans></th><th scope="col"><Trans>Inspection</Trans></th><th scope="col"><Trans>Status</Trans></th><th scope="col"><Trans>Change</Trans></th></tr>
        </thead>
        <tbody>
          {lines.slice(0, shown).map(({ row, lane }) => {
            const visit = visitOf(row);
            const place = placeName(visit);
            return (
              <tr key={row.id} data-testid={`row-${row.id}`}>
                <th scope="row"><Data>{lane.name}</Data></th>
                <td className="nowrap">{windowWords(visit.from_minute, visit.to_minute)}</td>
                <td><a href={href({ screen: "inspection", id: row.id })}><Data>{place}</Data></a></td>
                <td><Data>{visit.inspection_type_name}</Data></td>
                <td><span className="chips"><VisitChips row={row} /></span></td>
                <td><Button label={t`Reassign ${place}`} onPress={() => onReassign(row.id)}><Trans>Reassign</Trans></Button></td>
              </tr>
            );
          })}
        </tbody>
      </table>
      {lines.length > shown && <Button onPress={() => setShown(shown + STEP)}>{t`Show ${more} more of ${total}`}</Button>}
    </div>
  );
}
