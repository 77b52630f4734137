// The blocked times on this laptop, and the calendars in which the person may block more.

import { useMemo } from "react";
import { useList, useSheets } from "../../bridge/queries";
import type { Denial, Row } from "../../bindings";
import { offer } from "../../commands/doing";
import { blockOf } from "../words";

const EVERYTHING = { from: "", to: "\uffff" };

export function useBlocks(today: string) {
  const { data: held } = useList({ kind: "block", index: "calendar", ...EVERYTHING, limit: 2_000 });
  const { data: calendars = NONE } = useList({ kind: "calendar", index: "all", ...EVERYTHING, limit: 500 });
  const sheets = useSheets(calendars.map((row) => row.id));
  const blocks = useMemo(() => (held ?? NONE).filter((row) => !blockOf(row).lifted), [held]);
  const toCome = useMemo(
    () => blocks.filter((row) => blockOf(row).until_day >= today).sort((a, b) => blockOf(a).from_day.localeCompare(blockOf(b).from_day)),
    [blocks, today],
  );
  const answers = sheets.map((sheet) => ({ row: sheet.row, affordance: offer(sheet, "block_time") }));
  const blockable = answers.filter(({ affordance }) => affordance?.allowed).map(({ row }) => row);
  const denial: Denial | null = blockable.length > 0 ? null : (answers[0]?.affordance?.denial ?? null);
  return { blocks, toCome, calendars, blockable, denial };
}

const NONE: Row[] = [];
