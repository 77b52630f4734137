// What somebody has to decide: work that others could not hand in themselves, and what two people disagree about.

import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useState } from "react";
import { LIST_MAX, useList, useSheet } from "../bridge/queries";
import type { ReturnedWork, Row } from "../bindings";
import { type Ask, ReasonDialog } from "../commands/ReasonDialog";
import { offer, offered } from "../commands/doing";
import { Data, Ruled } from "../parts/bits";
import { ActionButton } from "../parts/Button";
import { RecordLink } from "../parts/RecordLink";
import { useTimes } from "../parts/time";
import { Conflict } from "./Conflict";
import { Entered } from "./Entered";
import { Sides, Small } from "./Sides";
import { commandWords } from "./typed";

export function TraySection() {
  const { data: rows = [] } = useList({ kind: "returned_work", index: "open", from: "", to: "~", limit: LIST_MAX });
  if (rows.length === 0) return null;
  return (
    <section className="section" aria-labelledby="tray-title" data-testid="tray" data-count={rows.length}>
      <h2 id="tray-title"><Trans>For you to decide</Trans></h2>
      <p><Trans>This was not taken, and counts only once somebody decides so.</Trans></p>
      <ul className="sync-list">
        {rows.map((row) => {
          const work = row.body as ReturnedWork;
          return work.denial ? <Work key={row.id} row={row} work={work} /> : <Conflict key={row.id} row={row} work={work} />;
        })}
      </ul>
    </section>
  );
}

function Work({ row, work }: { row: Row; work: ReturnedWork }) {
  const { data: sheet } = useSheet(row.id);
  const [ask, setAsk] = useState<Ask | null>(null);
  const times = useTimes();
  const { author_name: name } = work;
  const what = commandWords(work.command.name);
  const [done, arrived] = [times.at(work.claimed_at), times.at(work.received_at)];
  const adopting = offer(sheet, "adopt_returned_work");
  const contest = adopting?.contest ?? work.contest;
  const adopt = {
    name: "adopt_returned_work",
    label: t`Adopt…`,
    ...offered(adopting),
    run: () => setAsk({
      title: t`Adopt this work?`,
      then: t`It is done now, by today’s rules, in the name of ${name} and yours.`,
      hint: t`Whoever reads the history sees it.`,
      confirm: t`Adopt`,
      said: t`Adopted.`,
      command: (because) => ({ name: "adopt_returned_work", input: { work: row.id, because, over: contest } }),
    }),
  };
  const discard = {
    name: "discard_returned_work",
    label: t`Discard…`,
    ...offered(offer(sheet, "discard_returned_work")),
    run: () => setAsk({
      title: t`Discard this work?`,
      then: t`It changes nothing, and stays on record with your reason.`,
      hint: t`${name} reads it if they sign in again.`,
      confirm: t`Discard`,
      danger: true,
      said: t`Discarded.`,
      command: (because) => ({ name: "discard_returned_work", input: { work: row.id, because } }),
    }),
  };
  return (
    <li className="returned" data-testid={`work-${row.id}`}>
      <div className="sync-what">
        <h3><RecordLink kind={"appointment" in work.command.input ? "appointment" : null} id={work.target}><Data>{work.target_title}</Data></RecordLink></h3>
        <p className="soft small"><Trans><Data>{name}</Data>: {what}. Done {done}, arrived {arrived}.</Trans></p>
        {work.denial && <p className="returned-why"><Ruled>{[work.denial.sentence, work.denial.fact].filter(Boolean).join(" ")}</Ruled></p>}
        {contest && <Sides contest={contest} mine={t`${name}’s, ${done}`} />}
        {work.command.name === "add_photo" && <Small hash={work.command.input.hash} caption={work.command.input.caption} />}
        <Entered title={t`What they entered`} input={work.command.input} />
        <div className="buttons">
          <ActionButton action={adopt} tone="primary" testid={`adopt-${row.id}`} />
          <ActionButton action={discard} testid={`discard-${row.id}`} />
        </div>
      </div>
      {ask && <ReasonDialog ask={ask} onClose={() => setAsk(null)} />}
    </li>
  );
}
