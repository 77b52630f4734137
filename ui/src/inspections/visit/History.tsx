// Who did what, when; and when they say they did it, where the two differ.

import type { Appointment, ChecklistItem, HistoryChange, HistoryEvent } from "../../bindings";
import { useTimes } from "../../parts/time";
import { doneWords, REASON } from "../words";

export function History({ visit, items }: { visit: Appointment; items: ChecklistItem[] }) {
  const times = useTimes();
  const events = [...(visit.history ?? [])].reverse();
  if (events.length === 0 && !visit.request) return null;
  return (
    <section className="section" aria-labelledby="history-title">
      <h2 id="history-title">History</h2>
      {visit.request && (
        <p className="notice">
          <span><strong>Reassignment asked for</strong> by {visit.request.by}: {REASON[visit.request.reason]}. {visit.request.text}</span>
        </p>
      )}
      <ol className="history" data-testid="history">
        {events.map((event, index) => (
          <li key={`${event.at}-${index}`}>
            <p><strong>{doneWords(event.what)}</strong>{event.detail && <> · {event.detail}</>}</p>
            {event.changes && event.changes.length > 0 && (
              <ul className="changes">
                {event.changes.map((change) => (
                  <li key={change.field}>{fieldWords(change, items)}: from <q>{change.from || "nothing"}</q> to <q>{change.to || "nothing"}</q></li>
                ))}
              </ul>
            )}
            <p className="soft small">{event.by}, {times.at(event.at)}{late(event) && `; done ${times.at(event.claimed_at)} on the laptop`}</p>
          </li>
        ))}
      </ol>
    </section>
  );
}

const late = (event: HistoryEvent) => Math.abs(event.at - event.claimed_at) > 60_000;

/** A line of the checklist by its text, any other field by its name. */
function fieldWords({ field }: HistoryChange, items: ChecklistItem[]): string {
  const key = field.replace(/^findings\./, "");
  const words = items.find((item) => item.key === key)?.text ?? key.replaceAll(/[_-]/g, " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}
