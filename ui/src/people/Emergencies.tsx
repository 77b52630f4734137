// One's own access in emergencies: opening a calendar, what is open, and what was found of it afterwards.

import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useState } from "react";
import { LIST_MAX, useList, useStatus } from "../bridge/queries";
import type { Access, GrantBody, Row } from "../bindings";
import { useActions } from "../parts/actions";
import { Chip, Data } from "../parts/bits";
import { ActionButton } from "../parts/Button";
import { useTimes } from "../parts/time";
import { EmergencyDialog } from "./EmergencyDialog";

/** How many are shown. */
const SHOWN = 10;

export function Emergencies({ access }: { access: Access }) {
  const [asking, setAsking] = useState(false);
  const status = useStatus();
  const own = useOwn(status?.person ?? "");
  const { emergency_denial: denial, opens_in_emergency: isMeant } = access;
  const open = { name: "break_glass", label: t`Open a calendar in an emergency…`, words: t`break glass urgent`, denial, run: () => setAsking(true) };
  useActions(isMeant ? [open] : []);
  if (!isMeant && own.length === 0) return null;
  return (
    <section className="section" aria-labelledby="emergency-title" data-testid="emergencies" data-count={own.length}>
      <h2 id="emergency-title"><Trans>Emergency access</Trans></h2>
      {isMeant && (
        <>
          <p><Trans>When something has happened, you can open another calendar for a few hours without asking anybody first. It is reviewed afterwards.</Trans></p>
          <div className="buttons"><ActionButton action={open} icon="alert" big testid="open-emergency" /></div>
        </>
      )}
      {own.length > 0 && <ul className="roles">{own.map((row) => <Own key={row.id} row={row} />)}</ul>}
      {asking && <EmergencyDialog places={access.places.filter((place) => place.may_open)} onClose={() => setAsking(false)} />}
    </section>
  );
}

/** One's own, the newest first. */
function useOwn(person: string): Row[] {
  const { data: unreviewed = [] } = useList({ kind: "grant", index: "unreviewed", from: "", to: "~", limit: LIST_MAX });
  const { data: reviewed = [] } = useList({ kind: "grant", index: "reviewed", from: "", to: "~", limit: LIST_MAX });
  const mine = [...unreviewed, ...reviewed].filter((row) => (row.body as GrantBody).person === person);
  return mine.sort((a, b) => begun(b) - begun(a)).slice(0, SHOWN);
}

const begun = (row: Row) => (row.body as GrantBody).from ?? 0;

function Own({ row }: { row: Row }) {
  const times = useTimes();
  const grant = row.body as GrantBody;
  if (!grant.emergency) return null;
  const { calendar_name: calendar, review } = grant.emergency;
  const from = times.at(grant.from ?? 0);
  return (
    <li data-testid={`emergency-${row.id}`}>
      <h3><Data>{calendar}</Data> <State row={row} grant={grant} /></h3>
      <p><Data>{grant.because}</Data></p>
      <p className="soft small"><Trans>Opened {from}</Trans></p>
      {!review && row.waiting.length === 0 && <p><Trans>Its supervisors have not reviewed it yet.</Trans></p>}
      {review && (
        <p data-testid={`finding-${row.id}`}>
          <Chip icon={review.finding === "justified" ? "check" : "cross"} tone={review.finding === "justified" ? "good" : "bad"}>{review.finding === "justified" ? t`Justified` : t`Not justified`}</Chip>{" "}
          <Trans><Data>{review.by}</Data>, {times.at(review.at)}: <Data>{review.because}</Data></Trans>
        </p>
      )}
    </li>
  );
}

function State({ row, grant }: { row: Row; grant: GrantBody }) {
  const status = useStatus();
  const times = useTimes();
  if (row.waiting.includes("break_glass")) return <Chip icon="clock" tone="attention"><Trans>Waits for the office</Trans></Chip>;
  if (!status?.emergencies.some((access) => access.grant === row.id)) return <Chip><Trans>Over</Trans></Chip>;
  const until = times.at(grant.until ?? 0);
  return <Chip icon="alert" tone="attention"><Trans>Open until {until}</Trans></Chip>;
}
