// What the palette lists for what was typed: records first, then commands.

import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import type { ReactNode } from "react";
import type { Appointment, Permit, Row } from "../bindings";
import type { Action, Reason } from "../parts/actions";
import { Data, Dots } from "../parts/bits";
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
  const words = text.trim().toLowerCase();
  const commands = actions.filter((action) => !action.hidden && action.label.toLowerCase().includes(words));
  return [
    ...rows.map((row) => ({
      id: row.id,
      ...(row.kind === "permit" ? permitWords(row.body as Permit) : visitWords(row.body as Appointment)),
      testid: `search-result-${row.id}`,
      run: () => go(placeOf(row.kind, row.id)),
    })),
    ...commands.map((action) => ({
      id: action.name, label: action.label, detail: null, shortcut: action.shortcut, denial: action.denial,
      testid: `command-${action.name}`, run: action.run,
    })),
  ];
}

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
