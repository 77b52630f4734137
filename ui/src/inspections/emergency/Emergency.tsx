// The visits of a calendar that is open in an emergency, day by day.

import { plural, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useState } from "react";
import { LIST_MAX, useList, useStatus } from "../../bridge/queries";
import type { EmergencyAccess } from "../../bindings";
import { useActions } from "../../parts/actions";
import { Data, Empty } from "../../parts/bits";
import { DayPicker } from "../../parts/DayPicker";
import { go, href } from "../../parts/route";
import { Screen } from "../../parts/Screen";
import { addDays, dayWords, nearWord, useTimes } from "../../parts/time";
import { dayRange } from "../today/days";
import { VisitList } from "../today/VisitList";
import { visitOf } from "../words";
import "../today/today.css";

export function Emergency({ day: chosen }: { day: string | null }) {
  const status = useStatus();
  const access = status?.emergencies[0];
  const today = status?.today ?? "";
  const day = chosen ?? today;
  const show = (other: string) => go({ screen: "emergency", day: other === today ? null : other });
  useActions([
    { name: "prev-day", label: t`Previous day`, shortcut: "Alt+PageUp", run: () => show(addDays(day, -1)) },
    { name: "next-day", label: t`Next day`, shortcut: "Alt+PageDown", run: () => show(addDays(day, 1)) },
    { name: "show-today", label: t`Show today`, run: () => show(today) },
  ]);
  if (!status || !day) return null;
  if (!access) {
    return (
      <Screen name="emergency" title={t`Emergency access`} className="reading">
        <Empty title={t`No calendar is open in an emergency`} testid="emergency-none">
          <p><a href={href({ screen: "access" })}><Trans>My access</Trans></a></p>
        </Empty>
      </Screen>
    );
  }
  return (
    <Screen
      name="emergency"
      title={t`Emergency access`}
      className="reading"
      heading={<div data-testid="emergency-day" data-day={day}><h1><Data>{access.title}</Data></h1><p className="soft">{[nearWord(day, today), dayWords(day)].filter(Boolean).join(" · ")}</p></div>}
      actions={<DayPicker day={day} today={today} onChange={show} />}
    >
      <Visits access={access} day={day} />
    </Screen>
  );
}

function Visits({ access, day }: { access: EmergencyAccess; day: string }) {
  const { data: held, isPending } = useList({ kind: "appointment", index: "day", ...dayRange(day), limit: LIST_MAX });
  const [selected, setSelected] = useState<string | null>(null);
  const times = useTimes();
  const until = times.at(access.until);
  const rows = (held ?? []).filter((row) => visitOf(row).calendar === access.calendar);
  if (isPending) return <p role="status" className="soft"><Trans>Opening the day…</Trans></p>;
  return (
    <>
      <p data-testid="emergency-count" data-count={rows.length}>{plural(rows.length, { one: "# visit", other: "# visits" })}. <Trans>Open until {until}, to look only.</Trans></p>
      {rows.length === 0 && <Empty title={t`Nothing on this day`}><p><Trans>Visits come in from the office as soon as it has been reached.</Trans></p></Empty>}
      {rows.length > 0 && <VisitList key={day} rows={rows} selected={selected} onSelect={setSelected} showAssignee />}
    </>
  );
}
