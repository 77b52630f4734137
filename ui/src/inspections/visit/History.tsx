// Who did what, when; and when they say they did it, where the two differ.

import type { Appointment, HistoryEvent } from "../../bindings";
import { useTimes } from "../../parts/time";
import { DONE, REASON } from "../words";

export function History({ visit }: { visit: Appointment }) {
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
            <p><strong>{DONE[event.what] ?? event.what.replaceAll("_", " ")}</strong>{event.detail && <> · {event.detail}</>}</p>
            <p className="soft small">{event.by}, {times.at(event.at)}{late(event) && `; done ${times.at(event.claimed_at)} on the laptop`}</p>
          </li>
        ))}
      </ol>
    </section>
  );
}

const late = (event: HistoryEvent) => Math.abs(event.at - event.claimed_at) > 60_000;
