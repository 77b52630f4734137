// One visit: who and where on the left, the checklist in the middle of things, what was written and done beside it.

import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useState } from "react";
import { useSheet } from "../../bridge/queries";
import type { News, Sheet } from "../../bindings";
import { ActionMenu } from "../../parts/ActionMenu";
import { type Action, useActions } from "../../parts/actions";
import { Data, Dots, Empty } from "../../parts/bits";
import { ActionButton, Button } from "../../parts/Button";
import { back, go, href } from "../../parts/route";
import { Icon } from "../../parts/Icon";
import { Screen } from "../../parts/Screen";
import { dayWords, windowWords } from "../../parts/time";
import { VisitChips, WordChip } from "../chips";
import { offer, offered } from "../../commands/doing";
import { ReasonDialog } from "../../commands/ReasonDialog";
import { useLooking } from "../news/useLooking";
import { NEWS, placeName, STATUS, typeOf, visitOf } from "../words";
import { actionsOf, type Opens } from "./actions";
import { askOf } from "./asks";
import { Checklist } from "./Checklist";
import { CorrectDialog } from "./CorrectDialog";
import { History } from "./History";
import { NOTE_FIELD, Notes } from "./Notes";
import { Particulars } from "./Particulars";
import { Photos } from "./Photos";
import { ReinspectionDialog } from "./ReinspectionDialog";
import { RequestDialog } from "./RequestDialog";
import { RescheduleDialog } from "./RescheduleDialog";
import { ResultDialog } from "./ResultDialog";
import { Standing } from "./Standing";
import "./visit.css";

export function Inspection({ id }: { id: string }) {
  const { data: sheet, isPending } = useSheet(id);
  if (isPending) return <Screen name="inspection" title={t`Inspection`}><p role="status" className="soft"><Trans>Opening…</Trans></p></Screen>;
  if (!sheet) {
    return (
      <Screen name="inspection" title={t`This visit is not on this laptop`}>
        <Empty title={t`You cannot open this visit here`}>
          <p><Trans>Either it is not assigned to you any more, or it has not been synced yet. The sync page says what was removed and why.</Trans></p>
          <div className="buttons">
            <a className="button primary" href={href({ screen: "today", day: null })}><Trans>Back to today</Trans></a>
            <a className="button" href={href({ screen: "sync" })}><Trans>Sync</Trans></a>
          </div>
        </Empty>
      </Screen>
    );
  }
  return <InspectionSheet key={sheet.row.id} sheet={sheet} />;
}

function InspectionSheet({ sheet }: { sheet: Sheet }) {
  const [open, setOpen] = useState<Opens | null>(null);
  const visit = visitOf(sheet.row);
  const told = useLooking(sheet.row);
  const actions = actionsOf(sheet, setOpen);
  const goBack: Action = { name: "back", label: t`Back`, shortcut: "Escape", run: () => back({ screen: "today", day: visit.day ?? null }) };
  useActions([...actions.all, ...onThePage(sheet), goBack]);
  const type = sheet.inspection_type && typeOf(sheet.inspection_type);
  const name = visit.inspection_type_name || type?.name;

  return (
    <Screen
      name="inspection"
      title={name || t`Inspection`}
      className="inspection"
      heading={
        <div className="inspection-head">
          <Button icon="left" label={t`Back`} shortcut="Escape" onPress={goBack.run} testid="back">{null}</Button>
          <div>
            <h1><Data>{placeName(visit)}</Data></h1>
            <p className="soft">
              <Dots parts={[name && <Data key="type">{name}</Data>, visit.day && dayWords(visit.day), windowWords(visit.from_minute, visit.to_minute)]} />
            </p>
            <div className="chips">
              <WordChip word={STATUS[visit.status]} testid="status" />
              <VisitChips row={sheet.row} status={false} />
            </div>
          </div>
        </div>
      }
      actions={
        <>
          {actions.start && <ActionButton action={actions.start} tone={visit.started_at || visit.result ? "plain" : "primary"} icon="play" testid="start" />}
          {actions.result && <ActionButton action={actions.result} tone="primary" icon="check" testid="record-result" />}
          <ActionMenu label={t`More for this visit`} text={t`More`} icon="down" actions={actions.more} testid="more" />
        </>
      }
    >
      {told.length > 0 && <p className="notice told" data-testid="told"><Icon name="news" /><span>{toldWords(told)}</span></p>}
      <Standing sheet={sheet} />
      {visit.special_notes && <p className="notice"><Trans><strong>Note for this visit:</strong> <Data>{visit.special_notes}</Data></Trans></p>}
      <div className="inspection-columns">
        <Particulars sheet={sheet} request={actions.request} />
        <div className="inspection-work">
          {visit.result && <ResultSaid sheet={sheet} />}
          <Checklist sheet={sheet} />
          <Photos sheet={sheet} />
        </div>
        <div className="inspection-side">
          <Notes sheet={sheet} />
          <History visit={visit} items={type?.checklist ?? []} />
        </div>
      </div>
      {open && <Opened what={open} sheet={sheet} onClose={() => setOpen(null)} />}
    </Screen>
  );
}

/** What has its place on the page, led to from the palette. */
function onThePage(sheet: Sheet): Action[] {
  const { permit } = visitOf(sheet.row);
  const note = offer(sheet, "add_note");
  const photo = offer(sheet, "add_photo");
  return [
    ...(note ? [{ name: "add_note", label: t`Add a note`, ...offered(note), run: () => document.getElementById(NOTE_FIELD)?.focus() }] : []),
    ...(photo
      ? [{ name: "add_photo", label: t`Add a photo`, ...offered(photo), run: () => document.querySelector<HTMLElement>("[data-command=add_photo]")?.click() }]
      : []),
    ...(permit && sheet.permit ? [{ name: "open-permit", label: t`Open the permit`, run: () => go({ screen: "permit", id: permit }) }] : []),
  ];
}

function toldWords(told: News[]): string {
  const what = told.map((one) => NEWS[one]).join(", ");
  return told.includes("new") ? t`New since you last looked.` : t`Changed since you last looked: ${what}.`;
}

function Opened({ what, sheet, onClose }: { what: Opens; sheet: Sheet; onClose: () => void }) {
  switch (what) {
    case "result":
      return <ResultDialog id={sheet.row.id} isOpen onClose={onClose} />;
    case "request":
      return <RequestDialog id={sheet.row.id} sheet={sheet} isOpen onClose={onClose} />;
    case "reschedule":
      return <RescheduleDialog sheet={sheet} onClose={onClose} />;
    case "correct":
      return <CorrectDialog sheet={sheet} onClose={onClose} />;
    case "reinspection":
      return <ReinspectionDialog sheet={sheet} onClose={onClose} />;
    default:
      return <ReasonDialog ask={askOf(sheet, what)} onClose={onClose} />;
  }
}

function ResultSaid({ sheet }: { sheet: Sheet }) {
  const { result } = visitOf(sheet.row);
  return result?.summary ? (
    <section className="section" aria-labelledby="result-title">
      <h2 id="result-title"><Trans>Result</Trans></h2>
      <p><Data>{result.summary}</Data></p>
    </section>
  ) : null;
}
