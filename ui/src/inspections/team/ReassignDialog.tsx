// Who goes instead: the inspectors of the visit's calendar, least busy first, with what they have that day.

import { plural, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useMemo, useState } from "react";
import { problemOf } from "../../bridge";
import { LIST_MAX, useList, useSheet } from "../../bridge/queries";
import type { Problem, Row, Sheet } from "../../bindings";
import { Data, Dots, ProblemLine, Ruled } from "../../parts/bits";
import { Button } from "../../parts/Button";
import { DenialFacts } from "../../parts/Denial";
import { Dialog } from "../../parts/Dialog";
import { Icon } from "../../parts/Icon";
import { dayShort, lengthWords, windowWords } from "../../parts/time";
import { offer, perform } from "../../commands/doing";
import { SaidNo } from "../../commands/SaidNo";
import { placeName, visitOf } from "../words";
import { type Lane, lanesOf, overlaps } from "./load";

interface ReassignDialogProps {
  id: string;
  to: string | null;
  roster: Row[];
  onClose: () => void;
}

export function ReassignDialog({ id, to, roster, onClose }: ReassignDialogProps) {
  const { data: sheet } = useSheet(id);
  return (
    <Dialog title={t`Reassign`} isOpen onClose={onClose} wide testid="reassign-dialog">
      {sheet && <Form sheet={sheet} to={to} roster={roster} onClose={onClose} />}
    </Dialog>
  );
}

function Form({ sheet, to, roster, onClose }: { sheet: Sheet } & Omit<ReassignDialogProps, "id">) {
  const visit = visitOf(sheet.row);
  const day = visit.day ?? "";
  const { data: others } = useList({ kind: "appointment", index: "day", from: `${day}|`, to: `${day}|~`, limit: LIST_MAX }, day !== "");
  const [chosen, setChosen] = useState<string | null>(to);
  const [problem, setProblem] = useState<Problem | null>(null);
  const affordance = offer(sheet, "reassign");
  const refused = affordance && !affordance.allowed ? affordance.denial : null;
  const lanes = useMemo(
    () =>
      lanesOf(roster, others ?? [])
        .filter((lane) => lane.person !== null && lane.person !== visit.assignee && inspects(lane, visit.calendar))
        .sort((a, b) => a.minutes - b.minutes || a.visits.length - b.visits.length),
    [roster, others, visit.assignee, visit.calendar],
  );

  const lane = lanes.find((one) => one.person === chosen);
  const clashes = lane !== undefined && overlaps(sheet.row, lane.visits).length > 0;
  const confirm = async () => {
    if (!lane?.person) return setProblem({ code: "incomplete", sentence: t`Choose an inspector first.`, denial: null });
    const { name } = lane;
    try {
      await perform(
        { name: "reassign", input: { appointment: sheet.row.id, to: lane.person, saw: visit.assignee ?? null, overlap_accepted: clashes } },
        t`Given to ${name}. Saved on this laptop.`,
        visit.assignee ? { name: "reassign", input: { appointment: sheet.row.id, to: visit.assignee, saw: lane.person, overlap_accepted: true } } : undefined,
      );
      onClose();
    } catch (error) {
      setProblem(problemOf(error));
    }
  };

  return (
    <form
      className="form"
      onSubmit={(event) => {
        event.preventDefault();
        void confirm();
      }}
    >
      <p>
        <strong><Data>{placeName(visit)}</Data></strong>
        <span className="hint">
          <Dots
            parts={[
              day && dayShort(day), windowWords(visit.from_minute, visit.to_minute), visit.inspection_type_name && <Data key="type">{visit.inspection_type_name}</Data>,
              visit.assignee_name ? <Trans key="now">now <Data>{visit.assignee_name}</Data></Trans> : t`nobody assigned`,
            ]}
          />
        </span>
      </p>
      {refused ? (
        <ProblemLine><p><Ruled>{refused.sentence}</Ruled></p><DenialFacts denial={refused} /></ProblemLine>
      ) : (
        <fieldset className="choice candidates">
          <legend><Trans>Who goes instead</Trans></legend>
          {lanes.length === 0 && <p><Trans>No other inspector of this calendar is on this laptop.</Trans></p>}
          {lanes.map((lane) => <Candidate key={lane.person} lane={lane} visit={sheet.row} picked={lane.person === chosen} onPick={() => setChosen(lane.person)} />)}
        </fieldset>
      )}
      <SaidNo problem={problem} />
      <div className="buttons end">
        <Button onPress={onClose}>{refused ? t`Close` : t`Cancel`}</Button>
        {!refused && <button type="submit" className="button primary" data-testid="confirm-reassign">{clashes ? t`Reassign despite the overlap` : t`Reassign`}</button>}
      </div>
    </form>
  );
}

function Candidate({ lane, visit, picked, onPick }: { lane: Lane; visit: Row; picked: boolean; onPick: () => void }) {
  const clashes = overlaps(visit, lane.visits);
  const visits = plural(lane.visits.length, { one: "# visit", other: "# visits" });
  const load = lane.visits.length === 0 ? t`free that day` : lane.minutes > 0 ? `${visits}, ${lengthWords(lane.minutes)}` : visits;
  const first = clashes[0] && visitOf(clashes[0]);
  const span = first && windowWords(first.from_minute, first.to_minute);
  const others = clashes.length - 1;
  return (
    <label className={picked ? "picked" : ""}>
      <input type="radio" name="to" checked={picked} onChange={onPick} data-testid={`reassign-to-${lane.person}`} />
      <span>
        <Data>{lane.name}</Data>
        <span className="hint">{load}</span>
        {first && <span className="clash-words"><Icon name="alert" /><span><Trans>Overlaps {span}, <Data>{placeName(first)}</Data></Trans>{others > 0 && ` ${t`and ${others} more`}`}</span></span>}
      </span>
    </label>
  );
}

/** Which calendars somebody inspects in comes with the roster; where it did not, the office decides. */
const inspects = (lane: Lane, calendar: string | undefined) => !calendar || lane.inspects.length === 0 || lane.inspects.includes(calendar);
