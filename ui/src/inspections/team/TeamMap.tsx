// Where everybody goes that day: each inspector a letter and a colour, their stops numbered and joined in the order of time.

import { plural, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { type CSSProperties, useMemo, useState } from "react";
import { useBasemap } from "../../bridge/queries";
import { Data } from "../../parts/bits";
import { HUES } from "../../parts/map/geo";
import { Map } from "../../parts/map/Map";
import { windowWords } from "../../parts/time";
import { placeName, STATUS, visitOf } from "../words";
import type { Lane } from "./load";
import { NOBODY, pointsOf, routesOf, type Stop, type Way, waysOf } from "./routes";

interface TeamMapProps {
  lanes: Lane[];
  selected: string | null;
  onSelect: (id: string) => void;
}

export function TeamMap({ lanes, selected, onSelect }: TeamMapProps) {
  const ground = useBasemap();
  const [chosen, setChosen] = useState<string | null>(null);
  const ways = useMemo(() => waysOf(lanes, chosen), [lanes, chosen]);
  const points = useMemo(() => pointsOf(ways), [ways]);
  const routes = useMemo(() => routesOf(ways), [ways]);
  if (ways.length === 0) return <p className="soft"><Trans>Nobody has a visit on this day.</Trans></p>;
  return (
    <div className="team-map" data-testid="team-map" data-chosen={chosen ?? ""}>
      <section className="ways" aria-label={t`Inspectors on the map`}>
        <button type="button" className="way" aria-pressed={chosen === null} data-testid="way-all" onClick={() => setChosen(null)}><Trans>All inspectors</Trans></button>
        <ul>
          {ways.map((way) => {
            const id = way.person ?? NOBODY;
            return <WayLine key={id} id={id} way={way} open={chosen === id} selected={selected} onChoose={() => setChosen(chosen === id ? null : id)} onSelect={onSelect} />;
          })}
        </ul>
      </section>
      <Map ground={ground} points={points} routes={routes} selected={selected} onSelect={onSelect} />
    </div>
  );
}

interface WayLineProps {
  id: string;
  way: Way;
  open: boolean;
  selected: string | null;
  onChoose: () => void;
  onSelect: (id: string) => void;
}

function WayLine({ id, way, open, selected, onChoose, onSelect }: WayLineProps) {
  const placeless = way.stops.filter((stop) => stop.point === null).length;
  const stops = plural(way.stops.length, { one: "# stop", other: "# stops" });
  const { name } = way;
  return (
    <li data-testid={`way-line-${id}`} data-letter={way.letter}>
      <button type="button" className="way" aria-pressed={open} data-testid={`way-${id}`} onClick={onChoose}>
        <span className={`way-mark${way.person === null ? " nobody" : ""}`} translate="no" style={markOf(way)}>{way.letter}</span>
        <span className="way-words">
          {way.person === null ? name : <Data>{name}</Data>}
          <span className="hint">{stops}{placeless > 0 && `, ${plural(placeless, { one: "# without a place on the map", other: "# without a place on the map" })}`}</span>
        </span>
      </button>
      {open && (
        <ol className="stops" aria-label={t`Stops of ${name}`}>
          {way.stops.map((stop) => <StopLine key={stop.row.id} stop={stop} selected={stop.row.id === selected} onSelect={onSelect} />)}
        </ol>
      )}
    </li>
  );
}

function StopLine({ stop: { row, label, point }, selected, onSelect }: { stop: Stop; selected: boolean; onSelect: (id: string) => void }) {
  const visit = visitOf(row);
  return (
    <li>
      <button type="button" className="stop" aria-pressed={selected} data-testid={`stop-${row.id}`} onClick={() => onSelect(row.id)}>
        <strong className="stop-label" translate="no">{label}</strong>
        <span>
          {windowWords(visit.from_minute, visit.to_minute)}, <Data>{placeName(visit)}</Data>
          <span className="hint">{STATUS[visit.status].label}{point === null && `, ${t`without a place on the map`}`}</span>
        </span>
      </button>
    </li>
  );
}

const markOf = ({ hue }: Way) => (hue === undefined ? undefined : ({ "--pin": `var(--hue-${hue % HUES})` } as CSSProperties));
