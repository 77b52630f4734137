// What nobody covers on the day: visits without an inspector, and visits of inspectors who are not there.

import { plural, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useState } from "react";
import type { Gap, Row } from "../../bindings";
import { Data } from "../../parts/bits";
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
  const total = gaps.length;
  const shown = all ? gaps : gaps.slice(0, SHORT);
  if (gaps.length === 0) return null;
  return (
    <section className="gaps" aria-labelledby="gaps-title" data-testid="gaps" data-count={gaps.length}>
      <div className="gaps-head">
        <h2 id="gaps-title"><Icon name="alert" />{plural(gaps.length, { one: "# visit is not covered", other: "# visits are not covered" })}</h2>
        {gaps.length > SHORT && <Button onPress={() => setAll(!all)} testid="all-gaps">{all ? t`Show fewer` : t`Show all ${total}`}</Button>}
      </div>
      <ul>
        {shown.map((gap) => {
          const row = visits.find((one) => one.id === gap.appointment);
          return row && <Line key={row.id} row={row} gap={gap} onReassign={onReassign} />;
        })}
      </ul>
    </section>
  );
}

function Line({ row, gap: { away }, onReassign }: { row: Row; gap: Gap; onReassign: (id: string) => void }) {
  const visit = visitOf(row);
  const place = placeName(visit);
  const reason = away && ABSENCE[away.reason].toLowerCase();
  return (
    <li data-testid={`gap-${row.id}`}>
      <span>
        <strong>{windowWords(visit.from_minute, visit.to_minute)}</strong> <a href={href({ screen: "inspection", id: row.id })}><Data>{place}</Data></a>
        <span className="gap-why">{away ? <Trans><Data>{away.name}</Data> is unavailable: {reason}</Trans> : <Trans>Nobody assigned</Trans>}</span>
      </span>
      <Button icon="swap" label={t`Reassign ${place}`} testid={`gap-reassign-${row.id}`} onPress={() => onReassign(row.id)}><Trans>Reassign</Trans></Button>
    </li>
  );
}
