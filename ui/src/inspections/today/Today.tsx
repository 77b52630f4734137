// The inspector's home: the day's visits in order, the next one large, and where they are.

import { plural, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useMemo, useState } from "react";
import { LIST_MAX, useBasemap, useList, useStatus } from "../../bridge/queries";
import type { Row } from "../../bindings";
import { Tabs } from "../../parts/bits";
import { DayPicker } from "../../parts/DayPicker";
import { useActions } from "../../parts/actions";
import { Map } from "../../parts/map/Map";
import type { MapPoint, MapRoute } from "../../parts/map/geo";
import { count, useSpoken } from "../../parts/language";
import { go, href } from "../../parts/route";
import { Screen } from "../../parts/Screen";
import { addDays, dayWords, nearWord, windowWords } from "../../parts/time";
import { NewsStrip } from "../news/NewsStrip";
import { isOver, placeName, visitOf } from "../words";
import { dayRange } from "./days";
import { EmptyDay } from "./EmptyDay";
import { NextStop } from "./NextStop";
import { VisitList } from "./VisitList";
import "./today.css";

export function Today({ day: chosen }: { day: string | null }) {
  const status = useStatus();
  const today = status?.today ?? "";
  const day = chosen ?? today;
  const { data: held, isPending } = useList({ kind: "appointment", index: "day", ...dayRange(day), limit: LIST_MAX }, day !== "");
  const [whose, setWhose] = useState<"mine" | "all">("mine");
  const [selected, setSelected] = useState<string | null>(null);
  const ground = useBasemap();
  const spoken = useSpoken();

  const mine = useMemo(() => (held ?? []).filter((row) => visitOf(row).assignee === status?.person), [held, status?.person]);
  const mixed = mine.length > 0 && mine.length < (held?.length ?? 0);
  const rows = mixed && whose === "mine" ? mine : (held ?? EMPTY);
  const next = day >= today && mine.length > 0 ? nextOf(mine) : null;
  // Some of the names are words of the language.
  // eslint-disable-next-line react-hooks/exhaustive-deps
  const points = useMemo(() => pointsOf(rows, next?.id ?? null), [rows, next?.id, spoken]);

  const show = (other: string) => go({ screen: "today", day: other === today ? null : other });
  useActions([
    { name: "prev-day", label: t`Previous day`, shortcut: "Alt+PageUp", run: () => show(addDays(day, -1)) },
    { name: "next-day", label: t`Next day`, shortcut: "Alt+PageDown", run: () => show(addDays(day, 1)) },
    { name: "show-today", label: t`Show today`, run: () => show(today) },
    { name: "show-week", label: t`Show the week of this day`, run: () => go({ screen: "week", day: day === today ? null : day }) },
  ]);
  if (!status || !day) return null;

  const near = nearWord(day, today);
  const done = rows.filter((row) => isOver(visitOf(row))).length;
  const over = count(done);
  return (
    <Screen
      name="today"
      title={near ?? dayWords(day)}
      className="today"
      heading={
        <div data-testid="day" data-day={day}>
          <h1>{near ?? dayWords(day)}</h1>
          <p className="soft">
            {near && `${dayWords(day)} · `}
            {held ? plural(rows.length, { one: "# visit", other: "# visits" }) : "…"}
            {done > 0 && `, ${t`${over} done`}`}
          </p>
        </div>
      }
      actions={
        <>
          {mixed && (
            <Tabs label={t`Whose visits`} value={whose} onChange={setWhose} options={[{ value: "mine", label: t`Mine` }, { value: "all", label: t`All` }]} />
          )}
          <a className="button" href={href({ screen: "week", day: day === today ? null : day })} data-testid="show-week"><Trans>Week</Trans></a>
          <DayPicker day={day} today={today} onChange={show} />
        </>
      }
    >
      <NewsStrip />
      {held && rows.length === 0 && <EmptyDay day={day} onDay={show} />}
      {isPending && <p role="status" className="soft"><Trans>Opening the day…</Trans></p>}
      {rows.length > 0 && (
        <div className="today-columns">
          <div className="today-left">
            {next && <NextStop row={next} first={day > today} />}
            <VisitList key={`${day}${whose}`} rows={rows} selected={selected} onSelect={setSelected} showAssignee={rows.length > mine.length} />
          </div>
          <Map ground={ground} points={points} routes={mine.length > 0 && rows.length < 40 ? [{ id: "day", points }] : NO_ROUTES} selected={selected} onSelect={setSelected} />
        </div>
      )}
    </Screen>
  );
}

const EMPTY: Row[] = [];
const NO_ROUTES: MapRoute[] = [];

function nextOf(mine: Row[]): Row | null {
  const open = mine.filter((row) => !isOver(visitOf(row)));
  return open.find((row) => visitOf(row).status === "in_progress") ?? open[0] ?? null;
}

/** Visits with a place, numbered as in the list. */
function pointsOf(rows: Row[], next: string | null): MapPoint[] {
  return rows.flatMap((row, index) => {
    const visit = visitOf(row);
    if (visit.longitude == null || visit.latitude == null) return [];
    const tone = row.id === next ? "next" : isOver(visit) ? "done" : "open";
    const title = `${index + 1}. ${windowWords(visit.from_minute, visit.to_minute)}, ${placeName(visit)}`;
    return [{ id: row.id, label: String(index + 1), title, longitude: visit.longitude, latitude: visit.latitude, tone }];
  });
}
