// The supervisor's day: every inspector a line, every visit a bar, what is asked for beside it.

import { msg, plural, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useMemo, useState } from "react";
import { LIST_MAX, useGaps, useList, useSheet, useStatus } from "../../bridge/queries";
import { type Action, useActions } from "../../parts/actions";
import { Empty, Tabs } from "../../parts/bits";
import { DayPicker } from "../../parts/DayPicker";
import { useSpoken } from "../../parts/language";
import { go } from "../../parts/route";
import { said } from "../../parts/said";
import { Screen } from "../../parts/Screen";
import { addDays, dayWords, nearWord } from "../../parts/time";
import { offer, offered } from "../../commands/doing";
import { NewsStrip } from "../news/NewsStrip";
import { hatchesOf } from "./away";
import { Blocks } from "./Blocks";
import { Gaps } from "./Gaps";
import { LaneMenu } from "./LaneMenu";
import { lanesOf } from "./load";
import { Requests } from "./Requests";
import { Rules } from "./Rules";
import { Selected } from "./Selected";
import { type Opens, TeamDialogs } from "./TeamDialogs";
import { TeamMap } from "./TeamMap";
import { TeamTable } from "./TeamTable";
import { Timeline } from "./Timeline";
import { useBlocks } from "./useBlocks";
import { useRules } from "./useRules";
import { type TeamView, useTeamView } from "./useTeamView";
import "./team.css";

const VIEWS: { value: TeamView; testid: string }[] = [
  { value: "timeline", testid: "show-timeline" },
  { value: "map", testid: "show-map" },
  { value: "table", testid: "show-table" },
];
const VIEW = said<TeamView>({ timeline: msg`Timeline`, map: msg`Map`, table: msg`Table` });
const SHOW_VIEW = said<TeamView>({ timeline: msg`Show the timeline`, map: msg`Show the map`, table: msg`Show the table` });

export function Team({ day: chosen }: { day: string | null }) {
  const status = useStatus();
  const today = status?.today ?? "";
  const day = chosen ?? today;
  const { data: visits } = useList({ kind: "appointment", index: "day", from: `${day}|`, to: `${day}|~`, limit: LIST_MAX }, day !== "");
  const { data: people } = useList({ kind: "person", index: "calendar", from: "", to: "\uffff", limit: 2_000 });
  const { data: requests } = useList({ kind: "appointment", index: "request", from: `${today}|`, to: "9999", limit: 200 }, today !== "");
  const [view, setView] = useTeamView();
  const [selected, setSelected] = useState<string | null>(null);
  const [open, setOpen] = useState<Opens | null>(null);
  const { data: sheet } = useSheet(selected);
  const { data: gaps } = useGaps(day);
  const blocks = useBlocks(today);
  const rules = useRules();
  const spoken = useSpoken();

  const roster = useMemo(() => [...new Map((people ?? []).map((row) => [row.id, row])).values()], [people]);
  // Some of the names are words of the language.
  // eslint-disable-next-line react-hooks/exhaustive-deps
  const lanes = useMemo(() => lanesOf(roster, visits ?? []), [roster, visits, spoken]);
  const show = (other: string) => {
    setSelected(null);
    go({ screen: "team", day: other === today ? null : other });
  };
  const reassign: Action | null = selected === null ? null : {
    name: "reassign",
    label: t`Reassign`,
    shortcut: "R",
    ...offered(offer(sheet, "reassign")),
    run: () => setOpen({ what: "reassign", id: selected, to: null }),
  };
  const block: Action = { name: "block_time", label: t`Block time…`, denial: blocks.denial, run: () => setOpen({ what: "block" }) };
  const changeRules: Action = {
    name: "change_calendar_rules", label: t`Change calendar rules…`, denial: rules.denial,
    run: () => setOpen({ what: "rules", calendar: rules.changeable[0]?.id ?? "" }),
  };
  useActions([
    ...(blocks.calendars.length > 0 ? [block] : []),
    ...(rules.ruled.length > 0 ? [changeRules] : []),
    ...VIEWS.map(({ value }) => ({ name: `show-${value}`, label: SHOW_VIEW[value], run: () => setView(value) })),
    ...(reassign ? [reassign] : []),
    { name: "prev-day", label: t`Previous day`, shortcut: "Alt+PageUp", run: () => show(addDays(day, -1)) },
    { name: "next-day", label: t`Next day`, shortcut: "Alt+PageDown", run: () => show(addDays(day, 1)) },
    { name: "show-today", label: t`Show today`, run: () => show(today) },
  ]);
  if (!status || !day) return null;

  const near = nearWord(day, today);
  const inspectors = lanes.filter((lane) => lane.person !== null).length;
  const crew = plural(inspectors, { one: "# inspector", other: "# inspectors" });
  const load = plural(visits?.length ?? 0, { one: "# visit", other: "# visits" });
  const covered = visits !== undefined && visits.length > 0 && gaps?.length === 0;
  return (
    <Screen
      name="team"
      title={t`Team`}
      className="team"
      heading={
        <div data-testid="day" data-day={day}>
          <h1><Trans>Team</Trans></h1>
          <p className="soft">{near ? `${near}, ${dayWords(day)}` : dayWords(day)} · {crew}, {covered ? t`${load}, all covered` : load}</p>
        </div>
      }
      actions={
        <>
          <Tabs
            label={t`How to show the day`} value={view} onChange={setView}
            options={VIEWS.map(({ value, testid }) => ({ value, testid, label: VIEW[value] }))}
          />
          <DayPicker day={day} today={today} onChange={show} />
        </>
      }
    >
      <NewsStrip />
      <Gaps gaps={gaps ?? []} visits={visits ?? []} onReassign={(id) => setOpen({ what: "reassign", id, to: null })} />
      <div className="team-columns">
        <div className="team-main">
          {visits && lanes.length === 0 && (
            <Empty title={t`No inspectors on this laptop`}><p><Trans>You see the inspectors of the calendars you supervise. My access says which those are.</Trans></p></Empty>
          )}
          {lanes.length > 0 && view === "timeline" && (
            <Timeline
              lanes={lanes}
              now={day === today ? status.now_minute : null}
              selected={selected}
              onSelect={setSelected}
              hatchesOf={(lane) => hatchesOf(lane.profile, blocks.blocks, day)}
              menuOf={(lane) => lane.profile && <LaneMenu person={lane.profile} day={day} today={today} onOpen={setOpen} />}
              onDrop={(id, to) => {
                setSelected(id);
                setOpen({ what: "reassign", id, to });
              }}
            />
          )}
          {lanes.length > 0 && view === "map" && <TeamMap key={day} lanes={lanes} selected={selected} onSelect={setSelected} />}
          {lanes.length > 0 && view === "table" && <TeamTable lanes={lanes} onReassign={(id) => setOpen({ what: "reassign", id, to: null })} />}
          {lanes.length > 0 && blocks.denial?.code !== "not_granted" && <Blocks rows={blocks.toCome} calendars={blocks.calendars} block={block} />}
          <Rules ruled={rules.ruled} onChange={(calendar) => setOpen({ what: "rules", calendar })} />
        </div>
        <aside className="team-side" aria-label={t`Selected visit and requests`}>
          {selected && sheet && reassign && <Selected sheet={sheet} reassign={reassign} />}
          <Requests rows={requests ?? []} onOpen={setOpen} />
        </aside>
      </div>
      {open && <TeamDialogs open={open} day={day < today ? today : day} roster={roster} blockable={blocks.blockable} changeable={rules.changeable} onOpen={setOpen} />}
    </Screen>
  );
}
