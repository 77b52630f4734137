// What the palette lists for what was typed: records first, then commands.

import type { Appointment, Permit, Row } from "../bindings";
import type { Action, Reason } from "../parts/actions";
import { go, placeOf } from "../parts/route";
import { dayShort, windowWords } from "../parts/time";

export interface Entry {
  id: string;
  label: string;
  detail: string;
  shortcut?: string;
  denial?: Reason | null;
  testid: string;
  run: () => void;
}

export function entriesOf(text: string, rows: Row[], actions: Action[]): Entry[] {
  const words = plain(text).split(/\s+/).filter(Boolean);
  const isMeant = ({ label, words: more }: Action) => words.every((word) => plain(`${label} ${more ?? ""}`).includes(word));
  const commands = actions.filter((action) => !action.hidden && isMeant(action));
  return [
    ...rows.map((row) => ({
      id: row.id,
      ...(row.kind === "permit" ? permitWords(row.body as Permit) : visitWords(row.body as Appointment)),
      testid: `search-result-${row.id}`,
      run: () => {
        const place = placeOf(row.kind, row.id);
        if (place) go(place);
      },
    })),
    ...commands.map((action) => ({
      id: action.name, label: action.label, detail: whyNot(action), shortcut: action.shortcut, denial: action.denial,
      testid: `command-${action.name}`, run: action.run,
    })),
  ];
}

/** As it is looked for: "calendário" finds "calendario". */
const plain = (text: string) => text.normalize("NFD").replace(/\p{Mn}/gu, "").toLowerCase();

const whyNot = ({ denial, asksOffice }: Action) => {
  if (denial) return ["Not now:", denial.sentence, denial.fact, denial.who && `Who can change it: ${denial.who}.`].filter(Boolean).join(" ");
  return asksOffice ? "The office decides this when you are back online." : "";
};

const permitWords = (permit: Permit) => ({
  label: `Permit ${permit.number}`,
  detail: [permit.permit_type, permit.establishment, permit.address].filter(Boolean).join(" · "),
});

const visitWords = (visit: Appointment) => ({
  label: visit.address || visit.establishment || "Visit",
  detail: [visit.day && dayShort(visit.day), windowWords(visit.from_minute, visit.to_minute), visit.inspection_type_name, visit.permit_number]
    .filter(Boolean)
    .join(" · "),
});
