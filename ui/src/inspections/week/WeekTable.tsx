// The same week as a table, for those who read better in rows.

import { Trans } from "@lingui/react/macro";
import { Data } from "../../parts/bits";
import { href } from "../../parts/route";
import { dayShort, windowWords } from "../../parts/time";
import { VisitChips } from "../chips";
import { placeName, visitOf } from "../words";
import type { WeekDay } from "./WeekColumns";

export function WeekTable({ days }: { days: WeekDay[] }) {
  const lines = days.flatMap(({ day, visits }) => visits.map((row) => ({ day, row })));
  return (
    <div className="table-scroll">
      <table data-testid="week-table">
        <caption className="visually-hidden"><Trans>Your visits of the week</Trans></caption>
        <thead>
          <tr><th scope="col"><Trans>Day</Trans></th><th scope="col"><Trans>Time</Trans></th><th scope="col"><Trans>Where</Trans></th><th scope="col"><Trans>Inspection</Trans></th><th scope="col"><Trans>Status</Trans></th></tr>
        </thead>
        <tbody>
          {lines.map(({ day, row }) => {
            const visit = visitOf(row);
            return (
              <tr key={row.id} data-testid={`week-row-${row.id}`}>
                <th scope="row" className="nowrap">{dayShort(day)}</th>
                <td className="nowrap">{windowWords(visit.from_minute, visit.to_minute)}</td>
                <td><a href={href({ screen: "inspection", id: row.id })}><Data>{placeName(visit)}</Data></a></td>
                <td><Data>{visit.inspection_type_name}</Data></td>
                <td><span className="chips"><VisitChips row={row} /></span></td>
              </tr>
            );
          })}
        </tbody>
      </table>
      {lines.length === 0 && <p className="soft"><Trans>No visits of yours in this week.</Trans></p>}
    </div>
  );
}
