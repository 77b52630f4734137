// What each calendar leaves to inspectors and applicants, and until when, and what it keeps of photos; to change it, for those
// who may.

import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Data } from "../../parts/bits";
import { ActionButton } from "../../parts/Button";
import { minuteClock } from "../../parts/time";
import { offered } from "../../commands/doing";
import { calendarOf } from "../words";
import { hoursWords, type RuledCalendar, rulesOf } from "./useRules";

export function Rules({ ruled, onChange }: { ruled: RuledCalendar[]; onChange: (calendar: string) => void }) {
  if (ruled.length === 0) return null;
  return (
    <section className="section" aria-labelledby="rules-title" data-testid="rules" data-count={ruled.length}>
      <h2 id="rules-title"><Trans>Calendar rules</Trans></h2>
      <div className="table-scroll">
        <table>
          <caption className="visually-hidden"><Trans>Until when inspectors may ask, and applicants may change their mind, and what photos tell</Trans></caption>
          <thead>
            <tr>
              <th scope="col"><Trans>Calendar</Trans></th><th scope="col"><Trans>Inspectors may ask for reassignment</Trans></th><th scope="col"><Trans>Applicants may reschedule</Trans></th>
              <th scope="col"><Trans>Applicants may cancel</Trans></th><th scope="col"><Trans>The place in photos</Trans></th><th scope="col"><Trans>Change</Trans></th>
            </tr>
          </thead>
          <tbody>
            {ruled.map(({ row, affordance }) => {
              const rules = rulesOf(row);
              const until = minuteClock(rules.cutoff_minute);
              return (
                <tr key={row.id} data-testid={`rules-${row.id}`}>
                  <th scope="row"><Data>{calendarOf(row).name}</Data></th>
                  <td><Trans>until {until} on the day</Trans></td>
                  <td>{hoursWords(rules.reschedule_hours)}</td>
                  <td>{hoursWords(rules.cancel_hours)}</td>
                  <td data-testid={`rules-location-${row.id}`}>{rules.photo_location ? <Trans>is kept</Trans> : <Trans>is taken out</Trans>}</td>
                  <td><ActionButton action={{ name: "change_calendar_rules", label: t`Change…`, ...offered(affordance), run: () => onChange(row.id) }} testid={`change-rules-${row.id}`} /></td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </section>
  );
}
