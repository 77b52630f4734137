// An inspector's week: seven days beside each other, each visit short; behind it the same as a table.

import { plural, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useMemo, useState } from "react";
import { LIST_MAX, useList, useStatus } from "../../bridge/queries";
import { useActions } from "../../parts/actions";
import { Tabs } from "../../parts/bits";
import { Button } from "../../parts/Button";
import { go } from "../../parts/route";
import { Screen } from "../../parts/Screen";
import { addDays, daysWords, weekOf } from "../../parts/time";
import { isOver, visitOf } from "../words";
import { WeekColumns } from "./WeekColumns";
import { WeekTable } from "./WeekTable";
import "./week.css";

export function Week({ day: chosen }: { day: string | null }) {
  const status = useStatus();
  const today = status?.today ?? "";
  const first = today && weekOf(chosen ?? today);
  const last = first && addDays(first, 6);
  const { data: held } = useList({ kind: "appointment", index: "day", from: `${first}|`, to: `${last}|~`, limit: LIST_MAX }, first !== "");
  const [view, setView] = useState<"days" | "table">("days");
  const days = useMemo(() => {
    const mine = (held ?? []).filter((row) => visitOf(row).assignee === status?.person);
    return Array.from({ length: 7 }, (_, index) => addDays(first || "2000-01-03", index))
      .map((day) => ({ day, visits: mine.filter((row) => visitOf(row).day === day) }));
  }, [held, first, status?.person]);

  const show = (day: string) => go({ screen: "week", day: weekOf(today) === weekOf(day) ? null : day });
  useActions([
    { name: "prev-week", label: t`Previous week`, shortcut: "Alt+PageUp", run: () => show(addDays(first, -7)) },
    { name: "next-week", label: t`Next week`, shortcut: "Alt+PageDown", run: () => show(addDays(first, 7)) },
    { name: "this-week", label: t`Show this week`, run: () => show(today) },
    { name: "show-days", label: t`Show the days beside each other`, run: () => setView("days") },
    { name: "show-table", label: t`Show the week as a table`, run: () => setView("table") },
  ]);
  if (!status || !first) return null;

  const all = days.flatMap(({ visits }) => visits);
  const done = all.filter((row) => isOver(visitOf(row))).length;
  return (
    <Screen
      name="week"
      title={t`Week`}
      heading={
        <div data-testid="week" data-day={first} data-count={all.length}>
          <h1>{first === weekOf(today) ? t`This week` : t`Week`}</h1>
          <p className="soft">{daysWords(first, last)} · {plural(all.length, { one: "# visit of yours", other: "# visits of yours" })}{done > 0 && `, ${t`${done} done`}`}</p>
        </div>
      }
      actions={
        <>
          <Tabs
            label={t`How to show the week`} value={view} onChange={setView}
            options={[{ value: "days", label: t`Days` }, { value: "table", label: t`Table`, testid: "show-week-table" }]}
          />
          <div className="day-picker" role="group" aria-label={t`Week shown`}>
            <Button icon="left" label={t`Previous week`} testid="prev-week" onPress={() => show(addDays(first, -7))}>{null}</Button>
            <Button testid="go-this-week" pressed={first === weekOf(today)} onPress={() => show(today)}><Trans>This week</Trans></Button>
            <Button icon="right" label={t`Next week`} testid="next-week" onPress={() => show(addDays(first, 7))}>{null}</Button>
          </div>
        </>
      }
    >
      {view === "days" ? <WeekColumns days={days} today={today} /> : <WeekTable days={days} />}
    </Screen>
  );
}
