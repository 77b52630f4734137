import { useState } from "react";
import { problemOf } from "../../bridge";
import type { Sheet } from "../../bindings";
import { ProblemLine } from "../../parts/bits";
import { ActionButton } from "../../parts/Button";
import { useTimes } from "../../parts/time";
import { offer, offered, perform, sentence } from "../doing";
import { freshId, visitOf } from "../words";

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
      await perform({ name: "add_note", input }, "Note saved on this laptop.");
      setText("");
    } catch (error) {
      setProblem(sentence(problemOf(error)));
    }
  };

  return (
    <section className="section" aria-labelledby="notes-title">
      <h2 id="notes-title">Notes <span className="soft small">for staff only</span></h2>
      {affordance && (
        <div className="note-form">
          <textarea
            id={NOTE_FIELD}
            aria-label="New note"
            placeholder="New note"
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
          {problem && <ProblemLine>{problem}</ProblemLine>}
          <ActionButton action={{ name: "add_note", label: "Add note", ...offered(affordance), run: () => void add() }} testid="add-note" />
        </div>
      )}
      {notes.length === 0 && !affordance && <p className="soft">No notes.</p>}
      <ul className="notes">
        {[...notes].reverse().map((note) => (
          <li key={note.id} data-testid={`note-${note.id}`}>
            <p className="note-body">{note.text}</p>
            <p className="soft small">{note.by}, {times.at(note.at)}</p>
          </li>
        ))}
      </ul>
    </section>
  );
}
