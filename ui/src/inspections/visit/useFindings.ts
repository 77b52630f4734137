// Saving checklist lines as they change, one after the other, each naming the value it saw.

import { t } from "@lingui/core/macro";
import { useRef } from "react";
import { problemOf } from "../../bridge";
import { client, refreshAll } from "../../bridge/queries";
import type { Command, Finding, Sheet } from "../../bindings";
import { warn } from "../../parts/toast";
import { perform, sentence } from "../../commands/doing";
import { visitOf } from "../words";

export function useFindings(sheet: Sheet) {
  const line = useRef<Promise<unknown>>(Promise.resolve());
  const id = sheet.row.id;

  /** Applies a change to what the line holds by the time its turn comes. */
  return (item: string, change: (before: Finding) => Finding) => {
    line.current = line.current.then(async () => {
      const saw = findingsNow(id, sheet)[item] ?? {};
      const finding = tidy(change(saw));
      if (same(saw, finding)) return;
      const command = (from: Finding, to: Finding): Command => ({
        name: "record_checklist_item",
        input: { appointment: id, item, saw: from, finding: to },
      });
      try {
        showAtOnce(id, item, finding);
        await perform(command(saw, finding), t`Saved on this laptop.`, command(finding, saw));
      } catch (error) {
        warn(sentence(problemOf(error)), "en");
        await refreshAll();
      }
    });
    return line.current;
  };
}

const findingsNow = (id: string, sheet: Sheet) =>
  visitOf((client.getQueryData<Sheet>(["sheet", id]) ?? sheet).row).findings ?? {};

/** The press shows at once; the refresh that follows the save brings what is really on disk. */
function showAtOnce(id: string, item: string, finding: Finding) {
  client.setQueryData<Sheet>(["sheet", id], (held) => {
    if (!held) return held;
    const visit = visitOf(held.row);
    return { ...held, row: { ...held.row, body: { ...visit, findings: { ...visit.findings, [item]: finding } } } };
  });
}

/** An empty observation is no observation. */
function tidy({ answer, measurement, observation }: Finding): Finding {
  return {
    ...(answer != null && { answer }),
    ...(measurement != null && { measurement }),
    ...(observation?.trim() && { observation: observation.trim() }),
  };
}

const same = (a: Finding, b: Finding) =>
  (a.answer ?? null) === (b.answer ?? null) &&
  (a.measurement ?? null) === (b.measurement ?? null) &&
  (a.observation ?? "") === (b.observation ?? "");
