// Work that came back: what was typed, why it was not taken, who can change that. Nothing is thrown away without asking.

import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { dismissReturned, problemOf, retryReturned } from "../bridge";
import { refreshAll, useReturned } from "../bridge/queries";
import type { Contest, Millis, Returned } from "../bindings";
import { Data, Ruled } from "../parts/bits";
import { Button } from "../parts/Button";
import { DenialFacts } from "../parts/Denial";
import { RecordLink } from "../parts/RecordLink";
import { useTimes } from "../parts/time";
import { say, warn } from "../parts/toast";
import { commandWords, typed, valueWords } from "./typed";

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
        {item.contest && <Sides contest={item.contest} at={item.at} />}
        {lines.length > 0 && (
          <div className="typed">
            <p className="soft small"><Trans>What you entered</Trans></p>
            <dl className="facts">{lines.map(([name, value]) => <div key={name}><dt>{name}</dt><dd><Data>{value}</Data></dd></div>)}</dl>
          </div>
        )}
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

function Sides({ contest, at }: { contest: Contest; at: Millis }) {
  const times = useTimes();
  const { theirs_by: name } = contest;
  const field = contest.field.replaceAll("_", " ").replaceAll(".", ", ");
  const mine = times.at(at);
  return (
    <>
      <p className="returned-why"><Trans>Somebody else changed the same thing before yours arrived: <Data>{field}</Data>.</Trans></p>
      <div className="sides">
        <div><p className="soft small"><Trans>Yours, {mine}</Trans></p><p><Data>{valueWords(contest.mine)}</Data></p></div>
        <div><p className="soft small">{name ? <Trans><Data>{name}</Data>’s</Trans> : <Trans>Theirs</Trans>}{contest.theirs_at != null && `, ${times.at(contest.theirs_at)}`}</p><p><Data>{valueWords(contest.theirs)}</Data></p></div>
      </div>
    </>
  );
}
