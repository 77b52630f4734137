// The same week as a table, for those who read better in rows.

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
        <caption className="visually-hidden">Your visits of the week</caption>
        <thead>
          <tr><th scope="col">Day</th><th scope="col">Time</th><th scope="col">Where</th><th scope="col">Inspection</th><th scope="col">Status</th></tr>
        </thead>
        <tbody>
          {lines.map(({ day, row }) => {
            const visit = visitOf(row);
            return (
              <tr key={row.id} data-testid={`week-row-${row.id}`}>
                <th scope="row" className="nowrap">{dayShort(day)}</th>
                <td className="nowrap">{windowWords(visit.from_minute, visit.to_minute)}</td>
                <td><a href={href({ screen: "inspection", id: row.id })}>{placeName(visit)}</a></td>
                <td>{visit.inspection_type_name}</td>
                <td><span className="chips"><VisitChips row={row} /></span></td>
              </tr>
            );
          })}
        </tbody>
      </table>
      {lines.length === 0 && <p className="soft">No visits of yours in this week.</p>}
    </div>
  );
}
