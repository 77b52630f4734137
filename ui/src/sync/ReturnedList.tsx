// Work that came back: what was typed, why it was not taken, who can change that. Nothing is thrown away without asking.

import { dismissReturned, problemOf, retryReturned } from "../bridge";
import { refreshAll, useReturned } from "../bridge/queries";
import type { Contest, Millis, Returned } from "../bindings";
import { Button } from "../parts/Button";
import { DenialFacts } from "../parts/Denial";
import { RecordLink } from "../parts/RecordLink";
import { useTimes } from "../parts/time";
import { say, warn } from "../parts/toast";
import { typed, valueWords } from "./typed";

export function ReturnedList() {
  const { data: returned = [] } = useReturned();
  return (
    <section className="section" aria-labelledby="returned-title" data-testid="returned-list" data-count={returned.length}>
      <h2 id="returned-title">Came back to you</h2>
      {returned.length === 0 ? <p>Nothing was refused.</p> : <ul className="sync-list">{returned.map((one) => <Item key={one.id} item={one} />)}</ul>}
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
      warn(problem.denial?.sentence ?? problem.sentence);
    }
    await refreshAll();
  };
  const copy = () => navigator.clipboard.writeText(lines.map(([name, value]) => `${name}: ${value}`).join("\n"));
  return (
    <li className="returned" data-testid={`returned-${item.id}`}>
      <div className="sync-what">
        <h3><RecordLink kind={item.target_kind} id={item.target}>{item.target_title}</RecordLink></h3>
        <p className="soft small">{sentenceCase(item.name)}, {times.at(item.at)}</p>
        {item.denial && (
          <>
            <p className="returned-why">{item.denial.sentence}</p>
            <DenialFacts denial={item.denial} />
          </>
        )}
        {item.contest && <Sides contest={item.contest} at={item.at} />}
        {lines.length > 0 && (
          <div className="typed">
            <p className="soft small">What you entered</p>
            <dl className="facts">{lines.map(([name, value]) => <div key={name}><dt>{name}</dt><dd>{value}</dd></div>)}</dl>
          </div>
        )}
        <div className="buttons">
          <Button tone="primary" onPress={() => void act(() => retryReturned({ id: item.id }), "Queued again.")} testid={`retry-${item.id}`}>
            {item.contest ? "Use mine" : "Try again"}
          </Button>
          <Button onPress={() => void act(copy, "Copied.")}>Copy text</Button>
          <Button onPress={() => void act(() => dismissReturned({ id: item.id }), item.contest ? "Kept theirs." : "Dismissed.")} testid={`dismiss-${item.id}`}>
            {item.contest ? "Keep theirs" : "Dismiss"}
          </Button>
        </div>
      </div>
    </li>
  );
}

function Sides({ contest, at }: { contest: Contest; at: Millis }) {
  const times = useTimes();
  const theirs = contest.theirs_by ? `${contest.theirs_by}’s` : "Theirs";
  return (
    <>
      <p className="returned-why">Somebody else changed the same thing before yours arrived: {contest.field.replaceAll("_", " ").replaceAll(".", ", ")}.</p>
      <div className="sides">
        <div><p className="soft small">Yours, {times.at(at)}</p><p>{valueWords(contest.mine)}</p></div>
        <div><p className="soft small">{theirs}{contest.theirs_at != null && `, ${times.at(contest.theirs_at)}`}</p><p>{valueWords(contest.theirs)}</p></div>
      </div>
    </>
  );
}

const sentenceCase = (name: string) => {
  const words = name.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
};
