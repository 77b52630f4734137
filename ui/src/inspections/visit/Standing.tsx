// What stands about a visit as a whole: who locked it, why it was called off, which visit it follows or led to.

import { Trans } from "@lingui/react/macro";
import type { Sheet } from "../../bindings";
import { Data } from "../../parts/bits";
import { Icon } from "../../parts/Icon";
import { href } from "../../parts/route";
import { useTimes } from "../../parts/time";
import { calendarOf, STATUS, visitOf } from "../words";

export function Standing({ sheet }: { sheet: Sheet }) {
  const visit = visitOf(sheet.row);
  const times = useTimes();
  const { lock, called_off } = visit;
  const when = lock && times.at(lock.at);
  const calendar = sheet.calendar && calendarOf(sheet.calendar).name;
  return (
    <>
      {lock && (
        <div className="notice" data-testid="lock-banner">
          <Icon name="lock" />
          <div>
            <p><strong><Trans>Locked by <Data>{lock.by}</Data>, {when}.</Trans></strong> <Data>{lock.because}</Data></p>
            <p className="small">{calendar ? <Trans>Only a manager of <Data>{calendar}</Data> can unlock it, or record on it.</Trans> : <Trans>Only a manager can unlock it, or record on it.</Trans>}</p>
          </div>
        </div>
      )}
      {called_off && (
        <div className="notice" data-testid="called-off">
          <Icon name={STATUS[visit.status].icon} />
          <p><strong>{STATUS[visit.status].label}.</strong> <Data>{called_off.because}</Data> <span className="small"><Data>{called_off.by}</Data>, {times.at(called_off.at)}</span></p>
        </div>
      )}
      {(visit.reinspects || visit.reinspection) && (
        <p className="linked-visits">
          {visit.reinspects && <a className="button" data-testid="reinspects" href={href({ screen: "inspection", id: visit.reinspects })}><Icon name="repeat" /><Trans>The visit that failed before</Trans></a>}
          {visit.reinspection && <a className="button" data-testid="reinspection" href={href({ screen: "inspection", id: visit.reinspection })}><Icon name="repeat" /><Trans>The re-inspection</Trans></a>}
        </p>
      )}
    </>
  );
}
