// Before many visits are given away: each with who could take it, or why nobody can. Then one after the other, and what came of it.

import { plural, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useId } from "react";
import type { NoTaker, Row } from "../../bindings";
import { Data, Dots, Ruled } from "../../parts/bits";
import { Button } from "../../parts/Button";
import { Dialog } from "../../parts/Dialog";
import { Icon } from "../../parts/Icon";
import { dayShort, daysWords, windowWords } from "../../parts/time";
import { SaidNo } from "../../commands/SaidNo";
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
    return found ? personOf(found).name : t`Somebody not on this laptop`;
  };
  const { lines, stage, problem, move, stop, choose } = usePreflight(person.id, from, until, nameOf);
  const chosen = lines.filter((line) => line.to !== null);
  const told = chosen.filter((line) => line.outcome !== null);
  const moved = told.length;
  const total = chosen.length;
  const staying = lines.length - total;
  const given = told.filter((line) => line.outcome?.done).length;
  return (
    <Dialog title={t`Who takes the visits of ${name}`} isOpen onClose={onClose} wide testid="move-dialog">
      {marked && <p><Trans><Data>{name}</Data> is unavailable on these days. Saved on this laptop.</Trans></p>}
      <p className="soft">{daysWords(from, until)} · {stage === "asking" ? t`looking…` : lines.length === 0 ? t`no open visits` : visitsWords(lines.length)}</p>
      <SaidNo problem={problem} />
      {lines.length > 0 && (
        <ul className="move-lines">
          {lines.map((line) => (
            <MoveLine key={line.row.id} line={line} stage={stage} stays={t`Stays with ${name}`} nameOf={nameOf} onChoose={(to) => choose(line.row.id, to)} />
          ))}
        </ul>
      )}
      <p role="status" data-testid="move-progress" data-stage={stage}>
        {stage === "moving" && t`${moved} of ${total} moved…`}
        {stage === "over" && (given < total
          ? t`${given} of ${total} given away; the others are as they were. Saved on this laptop.`
          : t`${given} of ${total} given away. Saved on this laptop.`)}
        {stage === "choosing" && staying > 0 && plural(staying, { one: `# visit stays with ${name}.`, other: `# visits stay with ${name}.` })}
      </p>
      <div className="buttons end">
        {stage === "moving" && <Button onPress={stop} testid="stop-moving"><Trans>Stop</Trans></Button>}
        {(stage === "choosing" || stage === "over" || problem) && <Button onPress={onClose} testid="close-move">{stage === "choosing" && chosen.length > 0 ? t`Not now` : t`Close`}</Button>}
        {stage === "choosing" && chosen.length > 0 && (
          <Button tone="primary" testid="confirm-move" onPress={() => void move()}>{plural(total, { one: "Move # visit", other: "Move # visits" })}</Button>
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
        <span className="hint"><Dots parts={[<Data key="place">{placeName(visit)}</Data>, visit.inspection_type_name && <Data key="type">{visit.inspection_type_name}</Data>]} /></span>
      </span>
      {outcome ? (
        <p className={outcome.done ? "move-done" : "move-refused"}><Icon name={outcome.done ? "check" : "alert"} />{outcome.done ? outcome.words : <Ruled>{outcome.words}</Ruled>}</p>
      ) : stage === "over" ? (
        <p>{stays}</p>
      ) : (
        <div className="move-choice">
          {takers.length === 0 && <Nobody others={others} nameOf={nameOf} />}
          {takers.length + overlapping.length > 0 && (
            <select aria-labelledby={id} data-testid={`taker-${row.id}`} data-takers={takers.length} value={to ?? ""} disabled={stage !== "choosing"} onChange={(event) => onChoose(event.target.value || null)}>
              {takers.map((taker) => <option key={taker.person} value={taker.person}>{thatDay(taker.name, taker.visits)}</option>)}
              <option value="">{stays}</option>
              {overlapping.map(({ person }) => <option key={person} value={person}>{despite(nameOf(person))}</option>)}
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
      <p><Icon name="alert" /><strong><Trans>Nobody can</Trans></strong></p>
      {others.map(({ person, denial }) => <p key={person} className="small"><Data>{nameOf(person)}</Data>: <Ruled>{denial.fact ?? denial.sentence}</Ruled></p>)}
      {others.length === 0 && <p className="small"><Trans>No other inspector of this calendar is on this laptop.</Trans></p>}
    </div>
  );
}

const visitsWords = (count: number) => plural(count, { one: "# visit", other: "# visits" });
const thatDay = (name: string, count: number) => `${name}, ${plural(count, { one: "# visit that day", other: "# visits that day" })}`;
const despite = (name: string) => t`${name}, despite the overlap`;
