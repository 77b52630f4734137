// What the palette lists for what was typed: records first, then commands.

import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import type { ReactNode } from "react";
import type { Appointment, Permit, Row } from "../bindings";
import type { Action, Reason } from "../parts/actions";
import { Data, Dots, Ruled } from "../parts/bits";
import { go, placeOf } from "../parts/route";
import { dayShort, windowWords } from "../parts/time";

export interface Entry {
  id: string;
  label: ReactNode;
  detail: ReactNode;
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
  if (!denial) return asksOffice && <Trans>The office decides this when you are back online.</Trans>;
  const { sentence, fact, who } = denial;
  return (
    <>
      <Trans>Not now: <Ruled>{sentence}</Ruled></Trans>
      {fact && <> <Ruled>{fact}</Ruled></>}
      {who && <> <Trans>Who can change it: <Ruled>{who}</Ruled>.</Trans></>}
    </>
  );
};

const permitWords = (permit: Permit) => ({
  label: <Trans>Permit <Data>{permit.number}</Data></Trans>,
  detail: <Dots parts={held(permit.permit_type, permit.establishment, permit.address)} />,
});

const visitWords = (visit: Appointment) => ({
  label: <Data>{visit.address || visit.establishment || t`Visit`}</Data>,
  detail: (
    <Dots parts={[visit.day && dayShort(visit.day), windowWords(visit.from_minute, visit.to_minute), ...held(visit.inspection_type_name, visit.permit_number)]} />
  ),
});

const held = (...words: (string | null | undefined)[]) => words.map((one) => one && <Data key={one}>{one}</Data>);
