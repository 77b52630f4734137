// Before many visits are given away: each with who could take it, or why nobody can. Then one after the other, and what came of it.

import { useId } from "react";
import type { NoTaker, Row } from "../../bindings";
import { Button } from "../../parts/Button";
import { Dialog } from "../../parts/Dialog";
import { Icon } from "../../parts/Icon";
import { dayShort, daysWords, windowWords } from "../../parts/time";
import { SaidNo } from "../SaidNo";
import { personOf, placeName, visitOf } from "../words";
import { type Line, type Stage, usePreflight } from "./usePreflight";

interface MoveDialogProps {
  person: Row;
  from: string;
  until: string;
  /** They were marked as unavailable just now. */
  marked?: boolean;
  roster: Row[];
  onClose: () => void;
}

export function MoveDialog({ person, from, until, marked, roster, onClose }: MoveDialogProps) {
  const { name } = personOf(person);
  const nameOf = (id: string) => {
    const found = roster.find((one) => one.id === id);
    return found ? personOf(found).name : "Somebody not on this laptop";
  };
  const { lines, stage, problem, move, stop, choose } = usePreflight(person.id, from, until, nameOf);
  const chosen = lines.filter((line) => line.to !== null);
  const told = chosen.filter((line) => line.outcome !== null);
  const given = told.filter((line) => line.outcome?.done).length;
  return (
    <Dialog title={`Who takes the visits of ${name}`} isOpen onClose={onClose} wide testid="move-dialog">
      {marked && <p>{name} is unavailable on these days. Saved on this laptop.</p>}
      <p className="soft">{daysWords(from, until)} · {stage === "asking" ? "looking…" : lines.length === 0 ? "no open visits" : visitsWords(lines.length)}</p>
      <SaidNo problem={problem} />
      {lines.length > 0 && (
        <ul className="move-lines">
          {lines.map((line) => (
            <MoveLine key={line.row.id} line={line} stage={stage} stays={`Stays with ${name}`} nameOf={nameOf} onChoose={(to) => choose(line.row.id, to)} />
          ))}
        </ul>
      )}
      <p role="status" data-testid="move-progress" data-stage={stage}>
        {stage === "moving" && `${told.length} of ${chosen.length} moved…`}
        {stage === "over" && `${given} of ${chosen.length} given away${given < chosen.length ? "; the others are as they were" : ""}. Saved on this laptop.`}
        {stage === "choosing" && lines.length > chosen.length && `${visitsWords(lines.length - chosen.length)} ${lines.length - chosen.length === 1 ? "stays" : "stay"} with ${name}.`}
      </p>
      <div className="buttons end">
        {stage === "moving" && <Button onPress={stop} testid="stop-moving">Stop</Button>}
        {(stage === "choosing" || stage === "over" || problem) && <Button onPress={onClose} testid="close-move">{stage === "choosing" && chosen.length > 0 ? "Not now" : "Close"}</Button>}
        {stage === "choosing" && chosen.length > 0 && (
          <Button tone="primary" testid="confirm-move" onPress={() => void move()}>Move {visitsWords(chosen.length)}</Button>
        )}
      </div>
    </Dialog>
  );
}

interface MoveLineProps {
  line: Line;
  stage: Stage;
  stays: string;
  nameOf: (person: string) => string;
  onChoose: (to: string | null) => void;
}

function MoveLine({ line: { row, takers: { takers, others }, to, outcome }, stage, stays, nameOf, onChoose }: MoveLineProps) {
  const id = useId();
  const visit = visitOf(row);
  const overlapping = others.filter(({ denial }) => denial.code === "overlap");
  return (
    <li data-testid={`move-${row.id}`} data-done={outcome?.done}>
      <span id={id}>
        <strong>{visit.day && dayShort(visit.day)}, {windowWords(visit.from_minute, visit.to_minute)}</strong>
        <span className="hint">{placeName(visit)} · {visit.inspection_type_name}</span>
      </span>
      {outcome ? (
        <p className={outcome.done ? "move-done" : "move-refused"}><Icon name={outcome.done ? "check" : "alert"} />{outcome.words}</p>
      ) : stage === "over" ? (
        <p>{stays}</p>
      ) : (
        <div className="move-choice">
          {takers.length === 0 && <Nobody others={others} nameOf={nameOf} />}
          {takers.length + overlapping.length > 0 && (
            <select aria-labelledby={id} data-testid={`taker-${row.id}`} data-takers={takers.length} value={to ?? ""} disabled={stage !== "choosing"} onChange={(event) => onChoose(event.target.value || null)}>
              {takers.map((taker) => <option key={taker.person} value={taker.person}>{taker.name}, {visitsWords(taker.visits)} that day</option>)}
              <option value="">{stays}</option>
              {overlapping.map(({ person }) => <option key={person} value={person}>{nameOf(person)}, despite the overlap</option>)}
            </select>
          )}
        </div>
      )}
    </li>
  );
}

function Nobody({ others, nameOf }: { others: NoTaker[]; nameOf: (person: string) => string }) {
  return (
    <div className="move-nobody">
      <p><Icon name="alert" /><strong>Nobody can</strong></p>
      {others.map(({ person, denial }) => <p key={person} className="small">{nameOf(person)}: {denial.fact ?? denial.sentence}</p>)}
      {others.length === 0 && <p className="small">No other inspector of this calendar is on this laptop.</p>}
    </div>
  );
}

const visitsWords = (count: number) => (count === 1 ? "1 visit" : `${count} visits`);
