import { Trans } from "@lingui/react/macro";
import type { Sheet } from "../../bindings";
import type { Action } from "../../parts/actions";
import { Data } from "../../parts/bits";
import { ActionButton } from "../../parts/Button";
import { href } from "../../parts/route";
import { windowWords } from "../../parts/time";
import { VisitChips } from "../chips";
import { placeName, visitOf } from "../words";

/** The visit the supervisor is on, and what can be done with it. */
export function Selected({ sheet, reassign }: { sheet: Sheet; reassign: Action }) {
  const visit = visitOf(sheet.row);
  return (
    <section className="section" aria-labelledby="selected-title" data-testid="selected" data-visit={sheet.row.id}>
      <h2 id="selected-title"><Data>{placeName(visit)}</Data></h2>
      <p>{windowWords(visit.from_minute, visit.to_minute)} · <Data>{visit.inspection_type_name}</Data></p>
      <p className="soft">{visit.assignee_name ? <Data>{visit.assignee_name}</Data> : <Trans>Nobody assigned</Trans>}</p>
      <div className="chips"><VisitChips row={sheet.row} /></div>
      {visit.special_notes && <p className="small"><Data>{visit.special_notes}</Data></p>}
      <div className="buttons" data-selected-actions>
        <ActionButton action={reassign} tone="primary" icon="swap" testid="reassign" />
        <a className="button" href={href({ screen: "inspection", id: sheet.row.id })}><Trans>Open</Trans></a>
      </div>
    </section>
  );
}
