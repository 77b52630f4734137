// Doing a command from a screen: on disk first, then said, then ten seconds to take it back.

import { t } from "@lingui/core/macro";
import { problemOf, submit, undo } from "../bridge";
import { refreshAll } from "../bridge/queries";
import type { Affordance, Command, Problem, Sheet, Submitted } from "../bindings";
import { say, warn } from "../parts/toast";

/** What the device says about a command here: nothing when it does not concern this record. */
export function offer(sheet: Sheet | null | undefined, command: string): Affordance | null {
  return sheet?.affordances.find((one) => one.command === command) ?? null;
}

/** The part of an action that comes from the device's answer. */
export const offered = (affordance: Affordance | null) => ({
  denial: affordance && !affordance.allowed ? affordance.denial : null,
  asksOffice: affordance?.asks_office ?? false,
});

/** Submits and says so. `inverse` is what undoes it once it has been sent. Throws the device's problem. */
export async function perform(command: Command, said: string, inverse?: Command): Promise<Submitted> {
  const done = await submit(command);
  say(done.asks_office ? t`${said} The office decides it when you are online.` : said, () => void takeBack(done.id, inverse));
  await refreshAll();
  return done;
}

/** The same, for buttons with no place of their own for a problem. */
export async function performOrWarn(command: Command, said: string, inverse?: Command): Promise<boolean> {
  try {
    await perform(command, said, inverse);
    return true;
  } catch (error) {
    warn(sentence(problemOf(error)), "en");
    return false;
  }
}

export const sentence = (problem: Problem) =>
  [problem.denial?.sentence ?? problem.sentence, problem.denial?.fact].filter(Boolean).join(" ");

async function takeBack(id: string, inverse?: Command) {
  try {
    await undo({ id });
    say(t`Taken back.`);
  } catch (error) {
    const why = sentence(problemOf(error));
    if (!inverse) warn(t`It can no longer be taken back. ${why}`);
    else await submit(inverse).then(() => say(t`Changed back.`), (refused: unknown) => warn(sentence(problemOf(refused)), "en"));
  }
  await refreshAll();
}
