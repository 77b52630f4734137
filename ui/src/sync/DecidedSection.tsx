// What was decided about returned work lately: by whom, how, and why.

import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { LIST_MAX, useList } from "../bridge/queries";
import type { ReturnedWork } from "../bindings";
import { Data } from "../parts/bits";
import { RecordLink } from "../parts/RecordLink";
import { useTimes } from "../parts/time";
import { commandWords } from "./typed";

/** How many are shown. */
const SHOWN = 20;

export function DecidedSection() {
  const { data: rows = [] } = useList({ kind: "returned_work", index: "decided", from: "", to: "~", limit: LIST_MAX });
  const times = useTimes();
  if (rows.length === 0) return null;
  return (
    <section className="section" aria-labelledby="decided-title" data-testid="decided" data-count={rows.length}>
      <h2 id="decided-title"><Trans>Decided</Trans></h2>
      <div className="table-scroll">
        <table>
          <thead><tr><th scope="col"><Trans>When</Trans></th><th scope="col"><Trans>What</Trans></th><th scope="col"><Trans>Decision</Trans></th></tr></thead>
          <tbody>
            {rows.slice(-SHOWN).reverse().map((row) => {
              const work = row.body as ReturnedWork;
              if (!work.decision) return null;
              const { author_name: name } = work;
              return (
                <tr key={row.id} data-testid={`decided-${row.id}`}>
                  <td className="nowrap">{times.at(work.decision.at)}</td>
                  <td><RecordLink kind={"appointment" in work.command.input ? "appointment" : null} id={work.target}><Data>{work.target_title}</Data></RecordLink><br /><span className="soft small"><Trans><Data>{name}</Data>: {commandWords(work.command.name)}</Trans></span></td>
                  <td>{decided(work)} <Data>{work.decision.by}</Data>{work.decision.because && <>. <Data>{work.decision.because}</Data></>}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function decided({ decision, denial, author_name: name }: ReturnedWork): string {
  if (decision?.instead) return t`A third value, by`;
  if (denial) return decision?.is_adopted ? t`Adopted by` : t`Discarded by`;
  return decision?.is_adopted ? t`${name}’s value used, by` : t`The other value kept, by`;
}
