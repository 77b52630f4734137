// What nobody covers on the day: visits without an inspector, and visits of inspectors who are not there.

import { useState } from "react";
import type { Gap, Row } from "../../bindings";
import { Button } from "../../parts/Button";
import { Icon } from "../../parts/Icon";
import { href } from "../../parts/route";
import { windowWords } from "../../parts/time";
import { ABSENCE, placeName, visitOf } from "../words";

interface GapsProps {
  gaps: Gap[];
  /** The visits of the day. */
  visits: Row[];
  onReassign: (id: string) => void;
}

const SHORT = 4;

export function Gaps({ gaps, visits, onReassign }: GapsProps) {
  const [all, setAll] = useState(false);
  const shown = all ? gaps : gaps.slice(0, SHORT);
  if (gaps.length === 0) return null;
  return (
    <section className="gaps" aria-labelledby="gaps-title" data-testid="gaps" data-count={gaps.length}>
      <div className="gaps-head">
        <h2 id="gaps-title"><Icon name="alert" />{gaps.length === 1 ? "1 visit is not covered" : `${gaps.length} visits are not covered`}</h2>
        {gaps.length > SHORT && <Button onPress={() => setAll(!all)} testid="all-gaps">{all ? "Show fewer" : `Show all ${gaps.length}`}</Button>}
      </div>
      <ul>
        {shown.map(({ appointment, away }) => {
          const row = visits.find((one) => one.id === appointment);
          const visit = row && visitOf(row);
          return visit && (
            <li key={appointment} data-testid={`gap-${appointment}`}>
              <span><strong>{windowWords(visit.from_minute, visit.to_minute)}</strong> <a href={href({ screen: "inspection", id: appointment })}>{placeName(visit)}</a><span className="gap-why">{away ? `${away.name} is unavailable: ${ABSENCE[away.reason].toLowerCase()}` : "Nobody assigned"}</span></span>
              <Button icon="swap" label={`Reassign ${placeName(visit)}`} testid={`gap-reassign-${appointment}`} onPress={() => onReassign(appointment)}>Reassign</Button>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
