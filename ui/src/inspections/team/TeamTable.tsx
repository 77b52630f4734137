// The same day as a table, for those who read better in rows.

import { useState } from "react";
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
  return (
    <div className="table-scroll">
      <table data-testid="team-table" aria-rowcount={lines.length + 1}>
        <caption className="visually-hidden">Visits of the day by inspector</caption>
        <thead>
          <tr><th scope="col">Inspector</th><th scope="col">Time</th><th scope="col">Where</th><th scope="col">Inspection</th><th scope="col">Status</th><th scope="col">Change</th></tr>
        </thead>
        <tbody>
          {lines.slice(0, shown).map(({ row, lane }) => {
            const visit = visitOf(row);
            return (
              <tr key={row.id} data-testid={`row-${row.id}`}>
                <th scope="row">{lane.name}</th>
                <td className="nowrap">{windowWords(visit.from_minute, visit.to_minute)}</td>
                <td><a href={href({ screen: "inspection", id: row.id })}>{placeName(visit)}</a></td>
                <td>{visit.inspection_type_name}</td>
                <td><span className="chips"><VisitChips row={row} /></span></td>
                <td><Button label={`Reassign ${placeName(visit)}`} onPress={() => onReassign(row.id)}>Reassign</Button></td>
              </tr>
            );
          })}
        </tbody>
      </table>
      {lines.length > shown && <Button onPress={() => setShown(shown + STEP)}>Show {Math.min(STEP, lines.length - shown)} more of {lines.length}</Button>}
    </div>
  );
}
