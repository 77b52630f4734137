import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useState } from "react";
import { problemOf } from "../../bridge";
import type { Sheet } from "../../bindings";
import { freshId } from "../../parts/fresh";
import { Data, ProblemLine, Ruled } from "../../parts/bits";
import { ActionButton } from "../../parts/Button";
import { useTimes } from "../../parts/time";
import { offer, offered, perform, sentence } from "../../commands/doing";
import { visitOf } from "../words";

/** Where the palette leads somebody who wants to write a note. */
export const NOTE_FIELD = "note-field";

export function Notes({ sheet }: { sheet: Sheet }) {
  const [text, setText] = useState("");
  const [problem, setProblem] = useState<string | null>(null);
  const times = useTimes();
  const notes = visitOf(sheet.row).notes ?? [];
  const affordance = offer(sheet, "add_note");

  const add = async () => {
    if (!text.trim()) return;
    const input = { appointment: sheet.row.id, note: freshId("note"), text: text.trim() };
    try {
      setProblem(null);
      await perform({ name: "add_note", input }, t`Note saved on this laptop.`);
      setText("");
    } catch (error) {
      setProblem(sentence(problemOf(error)));
    }
  };

  return (
    <section className="section" aria-labelledby="notes-title">
      <h2 id="notes-title"><Trans>Notes <span className="soft small">for staff only</span></Trans></h2>
      {affordance && (
        <div className="note-form">
          <textarea
            id={NOTE_FIELD}
            aria-label={t`New note`}
            placeholder={t`New note`}
            data-testid="note-text"
            value={text}
            readOnly={!affordance.allowed}
            onChange={(event) => setText(event.target.value)}
            onKeyDown={(event) => {
              if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
              event.preventDefault();
              void add();
            }}
          />
          {problem && <ProblemLine><Ruled>{problem}</Ruled></ProblemLine>}
          <ActionButton action={{ name: "add_note", label: t`Add note`, ...offered(affordance), run: () => void add() }} testid="add-note" />
        </div>
      )}
      {notes.length === 0 && !affordance && <p className="soft"><Trans>No notes.</Trans></p>}
      <ul className="notes">
        {[...notes].reverse().map((note) => (
          <li key={note.id} data-testid={`note-${note.id}`}>
            <p className="note-body"><Data>{note.text}</Data></p>
            <p className="soft small"><Data>{note.by}</Data>, {times.at(note.at)}</p>
          </li>
        ))}
      </ul>
    </section>
  );
}
