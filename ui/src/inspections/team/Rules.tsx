// What each calendar leaves to inspectors and applicants, and until when; to change it, for those who may.

import { ActionButton } from "../../parts/Button";
import { minuteClock } from "../../parts/time";
import { offered } from "../doing";
import { calendarOf } from "../words";
import { hoursWords, type RuledCalendar, rulesOf } from "./useRules";

export function Rules({ ruled, onChange }: { ruled: RuledCalendar[]; onChange: (calendar: string) => void }) {
  if (ruled.length === 0) return null;
  return (
    <section className="section" aria-labelledby="rules-title" data-testid="rules" data-count={ruled.length}>
      <h2 id="rules-title">Calendar rules</h2>
      <div className="table-scroll">
        <table>
          <caption className="visually-hidden">Until when inspectors may ask, and applicants may change their mind</caption>
          <thead>
            <tr>
              <th scope="col">Calendar</th><th scope="col">Inspectors may ask for reassignment</th><th scope="col">Applicants may reschedule</th>
              <th scope="col">Applicants may cancel</th><th scope="col">Change</th>
            </tr>
          </thead>
          <tbody>
            {ruled.map(({ row, affordance }) => {
              const rules = rulesOf(row);
              return (
                <tr key={row.id} data-testid={`rules-${row.id}`}>
                  <th scope="row">{calendarOf(row).name}</th>
                  <td>until {minuteClock(rules.cutoff_minute)} on the day</td>
                  <td>{hoursWords(rules.reschedule_hours)}</td>
                  <td>{hoursWords(rules.cancel_hours)}</td>
                  <td><ActionButton action={{ name: "change_calendar_rules", label: "Change…", ...offered(affordance), run: () => onChange(row.id) }} testid={`change-rules-${row.id}`} /></td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </section>
  );
}
