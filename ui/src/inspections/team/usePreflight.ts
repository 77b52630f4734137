// Who could take an inspector's open visits of some days, as asked once; then the visits given away, one after the other.

import { t } from "@lingui/core/macro";
import { useEffect, useRef, useState } from "react";
import { list, problemOf, submit, takers } from "../../bridge";
import { refreshAll } from "../../bridge/queries";
import type { Problem, Row, Takers } from "../../bindings";
import { sentence } from "../../commands/doing";
import { isOver, visitOf } from "../words";

/** As many visits as are looked at in one go. */
const VISITS_MAX = 300;

export interface Line {
  row: Row;
  takers: Takers;
  /** Who is to take it; nobody where it stays. */
  to: string | null;
  outcome: { done: boolean; words: string } | null;
}

export type Stage = "asking" | "choosing" | "moving" | "over";

export function usePreflight(person: string, from: string, until: string, nameOf: (person: string) => string) {
  const [lines, setLines] = useState<Line[]>([]);
  const [stage, setStage] = useState<Stage>("asking");
  const [problem, setProblem] = useState<Problem | null>(null);
  const stopped = useRef(false);

  useEffect(() => {
    let gone = false;
    linesOf(person, from, until).then(
      (found) => {
        if (gone) return;
        setLines(found);
        setStage("choosing");
      },
      (error: unknown) => !gone && setProblem(problemOf(error)),
    );
    return () => {
      gone = true;
      stopped.current = true;
    };
  }, [person, from, until]);

  const change = (id: string, part: Partial<Line>) =>
    setLines((before) => before.map((line) => (line.row.id === id ? { ...line, ...part } : line)));

  const move = async () => {
    stopped.current = false;
    setStage("moving");
    for (const { row, to, takers: { others } } of lines) {
      if (to === null) continue;
      if (stopped.current) break;
      const name = nameOf(to);
      try {
        const overlap_accepted = others.some((other) => other.person === to);
        const input = { appointment: row.id, to, saw: visitOf(row).assignee ?? null, overlap_accepted };
        const { asks_office } = await submit({ name: "reassign", input });
        change(row.id, { outcome: { done: true, words: asks_office ? t`Given to ${name}; the office decides it` : t`Given to ${name}` } });
      } catch (error) {
        change(row.id, { outcome: { done: false, words: sentence(problemOf(error)) } });
      }
    }
    setStage("over");
    await refreshAll();
  };

  return { lines, stage, problem, move, stop: () => (stopped.current = true), choose: (id: string, to: string | null) => change(id, { to }) };
}

async function linesOf(person: string, from: string, until: string): Promise<Line[]> {
  const held = await list({ kind: "appointment", index: "assignee_day", from: `${person}|${from}|`, to: `${person}|${until}|~`, limit: VISITS_MAX });
  const open = held.filter((row) => !isOver(visitOf(row)));
  const answers = new Map((open.length > 0 ? await takers({ visits: open.map((row) => row.id) }) : []).map((one) => [one.appointment, one]));
  return open.flatMap((row) => {
    const answer = answers.get(row.id);
    return answer ? [{ row, takers: answer, to: answer.takers[0]?.person ?? null, outcome: null }] : [];
  });
}
