// A time in which nothing is booked: for a calendar, or for one inspector in it.

import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useState } from "react";
import type { Row } from "../../bindings";
import { freshId } from "../../parts/fresh";
import { Choice, Field } from "../../parts/bits";
import { DayField } from "../../parts/DayField";
import { Dialog } from "../../parts/Dialog";
import { minuteClock } from "../../parts/time";
import { CommandForm } from "../../commands/CommandForm";
import { perform } from "../../commands/doing";
import { calendarOf, personOf } from "../words";

interface BlockDialogProps {
  calendars: Row[];
  roster: Row[];
  day: string;
  onClose: () => void;
}

/** From midnight to midnight, as a block may begin before work and end after it. */
const HALF_HOURS = Array.from({ length: 49 }, (_, index) => index * 30);

export function BlockDialog({ calendars, roster, day, onClose }: BlockDialogProps) {
  const [calendar, setCalendar] = useState(calendars[0]?.id ?? "");
  const [person, setPerson] = useState("");
  const [from, setFrom] = useState(day);
  const [until, setUntil] = useState(day);
  const [length, setLength] = useState<"days" | "hours">("days");
  const [minutes, setMinutes] = useState({ from: 9 * 60, to: 12 * 60 });
  const [because, setBecause] = useState("");
  const people = roster.filter((row) => personOf(row).inspects?.includes(calendar));
  const begin = (chosen: string) => {
    setFrom(chosen);
    if (until < chosen) setUntil(chosen);
  };
  const give = () => {
    const block = freshId("block");
    const hours = length === "hours" ? { from_minute: minutes.from, to_minute: minutes.to } : {};
    return perform(
      {
        name: "block_time",
        input: { block, calendar, ...(person && { person }), from_day: from, until_day: until, ...hours, because: because.trim() },
      },
      t`Blocked. Saved on this laptop.`,
      { name: "unblock_time", input: { block } },
    );
  };
  return (
    <Dialog title={t`Block time`} isOpen onClose={onClose} wide testid="block-dialog">
      <CommandForm confirm={t`Block time`} testid="confirm-block" give={give} onDone={onClose} onCancel={onClose}>
        <p><Trans>Nothing new is booked then. Visits that are there already stay.</Trans></p>
        <div className="side-by-side">
          <Field label={t`Calendar`}>
            {(ids) => (
              <select {...ids} data-testid="block-calendar" value={calendar} onChange={(event) => { setCalendar(event.target.value); setPerson(""); }}>
                {calendars.map((row) => <option key={row.id} value={row.id}>{calendarOf(row).name}</option>)}
              </select>
            )}
          </Field>
          <Field label={t`For`}>
            {(ids) => (
              <select {...ids} data-testid="block-person" value={person} onChange={(event) => setPerson(event.target.value)}>
                <option value=""><Trans>The whole calendar</Trans></option>
                {people.map((row) => <option key={row.id} value={row.id}>{personOf(row).name}</option>)}
              </select>
            )}
          </Field>
        </div>
        <div className="side-by-side">
          <DayField label={t`First day`} shown day={from} onChange={begin} />
          <DayField label={t`Last day`} shown day={until} onChange={setUntil} />
        </div>
        <Choice
          row legend={t`How much of each day`} value={length} onChange={setLength}
          options={[{ value: "days", label: t`The whole day`, testid: "block-days" }, { value: "hours", label: t`Only some hours`, testid: "block-hours" }]}
        />
        {length === "hours" && (
          <div className="side-by-side">
            <Minutes label={t`From`} testid="block-from" value={minutes.from} onChange={(minute) => setMinutes({ ...minutes, from: minute })} />
            <Minutes label={t`To`} testid="block-to" value={minutes.to} onChange={(minute) => setMinutes({ ...minutes, to: minute })} />
          </div>
        )}
        <Field label={t`Reason`} hint={t`Read by those who assign work.`}>
          {(ids) => <textarea {...ids} data-testid="because" value={because} onChange={(event) => setBecause(event.target.value)} />}
        </Field>
      </CommandForm>
    </Dialog>
  );
}

function Minutes({ label, testid, value, onChange }: { label: string; testid: string; value: number; onChange: (minute: number) => void }) {
  return (
    <Field label={label}>
      {(ids) => (
        <select {...ids} data-testid={testid} value={value} onChange={(event) => onChange(Number(event.target.value))}>
          {HALF_HOURS.map((minute) => <option key={minute} value={minute}>{minuteClock(minute)}</option>)}
        </select>
      )}
    </Field>
  );
}
