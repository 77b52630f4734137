// Work that came back: what was typed, why it was not taken, who can change that. Nothing is thrown away without asking.

import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { dismissReturned, problemOf, retryReturned } from "../bridge";
import { refreshAll, useReturned } from "../bridge/queries";
import type { Returned } from "../bindings";
import { Data, Ruled } from "../parts/bits";
import { Button } from "../parts/Button";
import { DenialFacts } from "../parts/Denial";
import { RecordLink } from "../parts/RecordLink";
import { useTimes } from "../parts/time";
import { say, warn } from "../parts/toast";
import { Entered } from "./Entered";
import { Sides } from "./Sides";
import { commandWords, typed } from "./typed";

export function ReturnedList() {
  const { data: returned = [] } = useReturned();
  return (
    <section className="section" aria-labelledby="returned-title" data-testid="returned-list" data-count={returned.length}>
      <h2 id="returned-title"><Trans>Came back to you</Trans></h2>
      {returned.length === 0 ? <p><Trans>Nothing was refused.</Trans></p> : <ul className="sync-list">{returned.map((one) => <Item key={one.id} item={one} />)}</ul>}
    </section>
  );
}

function Item({ item }: { item: Returned }) {
  const times = useTimes();
  const lines = typed(item.input);
  const act = async (doing: () => Promise<void>, said: string) => {
    try {
      await doing();
      say(said);
    } catch (error) {
      const problem = problemOf(error);
      warn(problem.denial?.sentence ?? problem.sentence, "en");
    }
    await refreshAll();
  };
  const mine = times.at(item.at);
  const asked = commandWords(item.name);
  const copy = () => navigator.clipboard.writeText(lines.map(([name, value]) => `${name}: ${value}`).join("\n"));
  return (
    <li className="returned" data-testid={`returned-${item.id}`}>
      <div className="sync-what">
        <h3><RecordLink kind={item.target_kind} id={item.target}><Data>{item.target_title}</Data></RecordLink></h3>
        <p className="soft small">{asked}, {times.at(item.at)}</p>
        {item.denial && (
          <>
            <p className="returned-why"><Ruled>{item.denial.sentence}</Ruled></p>
            <DenialFacts denial={item.denial} />
          </>
        )}
        {item.contest && <Sides contest={item.contest} mine={t`Yours, ${mine}`} />}
        <Entered title={t`What you entered`} input={item.input} />
        <div className="buttons">
          <Button tone="primary" onPress={() => void act(() => retryReturned({ id: item.id }), t`Queued again.`)} testid={`retry-${item.id}`}>
            {item.contest ? t`Use mine` : t`Try again`}
          </Button>
          <Button onPress={() => void act(copy, t`Copied.`)}><Trans>Copy text</Trans></Button>
          <Button onPress={() => void act(() => dismissReturned({ id: item.id }), item.contest ? t`Kept theirs.` : t`Dismissed.`)} testid={`dismiss-${item.id}`}>
            {item.contest ? t`Keep theirs` : t`Dismiss`}
          </Button>
        </div>
      </div>
    </li>
  );
}
