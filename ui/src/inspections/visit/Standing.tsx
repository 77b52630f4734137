// What stands about a visit as a whole: who locked it, why it was called off, which visit it follows or led to.

import type { Sheet } from "../../bindings";
import { Icon } from "../../parts/Icon";
import { href } from "../../parts/route";
import { useTimes } from "../../parts/time";
import { calendarOf, STATUS, visitOf } from "../words";

export function Standing({ sheet }: { sheet: Sheet }) {
  const visit = visitOf(sheet.row);
  const times = useTimes();
  const { lock, called_off } = visit;
  const calendar = sheet.calendar && calendarOf(sheet.calendar).name;
  return (
    <>
      {lock && (
        <div className="notice" data-testid="lock-banner">
          <Icon name="lock" />
          <div>
            <p><strong>Locked by {lock.by}, {times.at(lock.at)}.</strong> {lock.because}</p>
            <p className="small">Only a manager{calendar && ` of ${calendar}`} can unlock it, or record on it.</p>
          </div>
        </div>
      )}
      {called_off && (
        <div className="notice" data-testid="called-off">
          <Icon name={STATUS[visit.status].icon} />
          <p><strong>{STATUS[visit.status].label}.</strong> {called_off.because} <span className="small">{called_off.by}, {times.at(called_off.at)}</span></p>
        </div>
      )}
      {(visit.reinspects || visit.reinspection) && (
        <p className="linked-visits">
          {visit.reinspects && <a className="button" data-testid="reinspects" href={href({ screen: "inspection", id: visit.reinspects })}><Icon name="repeat" />The visit that failed before</a>}
          {visit.reinspection && <a className="button" data-testid="reinspection" href={href({ screen: "inspection", id: visit.reinspection })}><Icon name="repeat" />The re-inspection</a>}
        </p>
      )}
    </>
  );
}
