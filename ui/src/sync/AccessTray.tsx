// Calendars that others have opened in an emergency: for their supervisors to review, and what was found of them lately.

import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useState } from "react";
import { LIST_MAX, useList, useSheet, useStatus } from "../bridge/queries";
import type { AccessFinding, GrantBody, Row } from "../bindings";
import { type Ask, ReasonDialog } from "../commands/ReasonDialog";
import { offer, offered } from "../commands/doing";
import { Chip, Data } from "../parts/bits";
import { ActionButton } from "../parts/Button";
import { useTimes } from "../parts/time";

/** How many are shown once they are reviewed. */
const SHOWN = 20;

function useOthers(index: "unreviewed" | "reviewed"): Row[] {
  const status = useStatus();
  const { data: rows = [] } = useList({ kind: "grant", index, from: "", to: "~", limit: LIST_MAX });
  return rows.filter((row) => (row.body as GrantBody).person !== status?.person);
}

export function AccessTray() {
  const rows = useOthers("unreviewed");
  if (rows.length === 0) return null;
  return (
    <section className="section" aria-labelledby="accesses-title" data-testid="accesses" data-count={rows.length}>
      <h2 id="accesses-title"><Trans>Emergency access to review</Trans></h2>
      <p><Trans>Somebody opened a calendar of yours because something had happened. Say whether that was justified.</Trans></p>
      <ul className="sync-list">{rows.map((row) => <ToReview key={row.id} row={row} />)}</ul>
    </section>
  );
}

function ToReview({ row }: { row: Row }) {
  const { data: sheet } = useSheet(row.id);
  const [ask, setAsk] = useState<Ask | null>(null);
  const grant = row.body as GrantBody;
  const { granted_by: name } = grant;
  const asked = (finding: AccessFinding, words: Omit<Ask, "hint" | "command">) => ({
    name: "review_access",
    label: `${words.confirm}…`,
    ...offered(offer(sheet, "review_access")),
    run: () => setAsk({
      ...words,
      hint: t`${name} reads it.`,
      command: (because) => ({ name: "review_access", input: { grant: row.id, finding, because } }),
    }),
  });
  const justified = asked("justified", {
    title: t`Was it justified?`,
    then: t`It is kept with your name and reason, and lasts until its time is over.`,
    confirm: t`Justified`,
    said: t`Reviewed: justified.`,
  });
  const not = asked("not_justified", {
    title: t`Was it not justified?`,
    then: t`If it is still open it ends at once, and is kept with your name and reason.`,
    confirm: t`Not justified`,
    danger: true,
    said: t`Reviewed: not justified.`,
  });
  return (
    <li className="returned" data-testid={`access-${row.id}`}>
      <div className="sync-what">
        <h3><Trans><Data>{name}</Data> opened <Data>{grant.emergency?.calendar_name}</Data></Trans></h3>
        <Span grant={grant} />
        <p className="returned-why"><Data>{grant.because}</Data></p>
        <div className="buttons">
          <ActionButton action={justified} tone="primary" icon="check" testid={`justified-${row.id}`} />
          <ActionButton action={not} icon="cross" testid={`not-justified-${row.id}`} />
        </div>
      </div>
      {ask && <ReasonDialog ask={ask} onClose={() => setAsk(null)} />}
    </li>
  );
}

/** Since when, until when, and whether it was ended before. */
function Span({ grant }: { grant: GrantBody }) {
  const times = useTimes();
  const [from, until] = [times.at(grant.from ?? 0), times.at(grant.until ?? 0)];
  return (
    <p className="soft small">
      <Trans>From {from} until {until}</Trans>
      {grant.withdrawn && <>. <Trans>Ended early: <Data>{grant.withdrawn}</Data></Trans></>}
    </p>
  );
}

export function ReviewedSection() {
  const rows = useOthers("reviewed");
  const times = useTimes();
  if (rows.length === 0) return null;
  return (
    <section className="section" aria-labelledby="reviewed-title" data-testid="reviewed" data-count={rows.length}>
      <h2 id="reviewed-title"><Trans>Emergency access that was reviewed</Trans></h2>
      <div className="table-scroll">
        <table>
          <thead><tr><th scope="col"><Trans>When</Trans></th><th scope="col"><Trans>Who opened what</Trans></th><th scope="col"><Trans>Finding</Trans></th></tr></thead>
          <tbody>
            {rows.slice(-SHOWN).reverse().map((row) => {
              const grant = row.body as GrantBody;
              const review = grant.emergency?.review;
              if (!review) return null;
              const isGood = review.finding === "justified";
              return (
                <tr key={row.id} data-testid={`reviewed-${row.id}`}>
                  <td className="nowrap">{times.at(review.at)}</td>
                  <td><Trans><Data>{grant.granted_by}</Data> opened <Data>{grant.emergency?.calendar_name}</Data></Trans><br /><span className="soft small"><Data>{grant.because}</Data></span></td>
                  <td><Chip icon={isGood ? "check" : "cross"} tone={isGood ? "good" : "bad"}>{isGood ? t`Justified` : t`Not justified`}</Chip> <Data>{review.by}</Data>. <Data>{review.because}</Data></td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </section>
  );
}
