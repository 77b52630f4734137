// Who did what, when; and when they say they did it, where the two differ.

import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import type { Appointment, ChecklistItem, HistoryChange, HistoryEvent } from "../../bindings";
import { Data, Ruled } from "../../parts/bits";
import { useTimes } from "../../parts/time";
import { doneWords, REASON } from "../words";

export function History({ visit, items }: { visit: Appointment; items: ChecklistItem[] }) {
  const times = useTimes();
  const reason = visit.request && REASON[visit.request.reason];
  const events = [...(visit.history ?? [])].reverse();
  if (events.length === 0 && !visit.request) return null;
  return (
    <section className="section" aria-labelledby="history-title">
      <h2 id="history-title"><Trans>History</Trans></h2>
      {visit.request && (
        <p className="notice">
          <span><Trans><strong>Reassignment asked for</strong> by <Data>{visit.request.by}</Data>: {reason}.</Trans> <Data>{visit.request.text}</Data></span>
        </p>
      )}
      <ol className="history" data-testid="history">
        {events.map((event, index) => (
          <li key={`${event.at}-${index}`}>
            <p><strong>{doneWords(event.what)}</strong>{event.detail && <> · <Ruled>{event.detail}</Ruled></>}</p>
            {event.changes && event.changes.length > 0 && (
              <ul className="changes">
                {event.changes.map((change) => (
                  <Change key={change.field} change={change} items={items} />
                ))}
              </ul>
            )}
            <p className="soft small"><Data>{event.by}</Data>, {times.at(event.at)}{late(event) && <LateWords done={times.at(event.claimed_at)} />}</p>
          </li>
        ))}
      </ol>
    </section>
  );
}

function Change({ change, items }: { change: HistoryChange; items: ChecklistItem[] }) {
  const [from, to] = [change.from || t`nothing`, change.to || t`nothing`];
  return <li><Trans><Data>{fieldWords(change, items)}</Data>: from <q translate="no">{from}</q> to <q translate="no">{to}</q></Trans></li>;
}

const LateWords = ({ done }: { done: string }) => <>; <Trans>done {done} on the laptop</Trans></>;

const late = (event: HistoryEvent) => Math.abs(event.at - event.claimed_at) > 60_000;

/** A line of the checklist by its text, any other field by its name. */
function fieldWords({ field }: HistoryChange, items: ChecklistItem[]): string {
  const key = field.replace(/^findings\./, "");
  const words = items.find((item) => item.key === key)?.text ?? key.replaceAll(/[_-]/g, " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}
