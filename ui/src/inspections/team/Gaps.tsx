// What nobody covers on the day: visits without an inspector, and visits of inspectors who are not there.

import { plural, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { type ReactNode, useState } from "react";
import type { Row } from "../../bindings";
import { Data } from "../../parts/bits";
import { Button } from "../../parts/Button";
import { Icon } from "../../parts/Icon";
import { href } from "../../parts/route";
import { windowWords } from "../../parts/time";
import { ABSENCE, isOver, placeName, visitOf } from "../words";
import { absenceOn } from "./away";
import type { Lane } from "./load";

export interface Gap {
  row: Row;
  why: ReactNode;
}

const SHORT = 4;

export function gapsOf(lanes: Lane[], day: string): Gap[] {
  return lanes.flatMap((lane) => {
    const absence = absenceOn(lane.profile, day);
    if (lane.person !== null && !absence) return [];
    const reason = absence && ABSENCE[absence.reason].toLowerCase();
    const why = absence ? <Trans><Data>{lane.name}</Data> is unavailable: {reason}</Trans> : <Trans>Nobody assigned</Trans>;
    return lane.visits.filter((row) => !isOver(visitOf(row))).map((row) => ({ row, why }));
  });
}

export function Gaps({ gaps, onReassign }: { gaps: Gap[]; onReassign: (id: string) => void }) {
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
        {shown.map(({ row, why }) => {
          const visit = visitOf(row);
          const place = placeName(visit);
          return (
            <li key={row.id} data-testid={`gap-${row.id}`}>
              <span><strong>{windowWords(visit.from_minute, visit.to_minute)}</strong> <a href={href({ screen: "inspection", id: row.id })}><Data>{place}</Data></a><span className="gap-why">{why}</span></span>
              <Button icon="swap" label={t`Reassign ${place}`} testid={`gap-reassign-${row.id}`} onPress={() => onReassign(row.id)}><Trans>Reassign</Trans></Button>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
