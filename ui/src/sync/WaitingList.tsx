import { problemOf, undo } from "../bridge";
import { refreshAll, useOutbox } from "../bridge/queries";
import type { Status, Waiting } from "../bindings";
import { Chip } from "../parts/bits";
import { Button } from "../parts/Button";
import { RecordLink } from "../parts/RecordLink";
import { useTimes } from "../parts/time";
import { say, warn } from "../parts/toast";

export function WaitingList({ status }: { status: Status }) {
  const { data: waiting = [] } = useOutbox();
  return (
    <section className="section" aria-labelledby="waiting-title" data-testid="waiting-list" data-count={waiting.length}>
      <h2 id="waiting-title">Waiting to send</h2>
      {waiting.length === 0 && <p>{status.photos_waiting === 0 ? "Everything you did has reached the office." : "Every change has reached the office."}</p>}
      {waiting.length > 0 && !status.online && <p className="soft">These go out by themselves, in order, as soon as there is a connection.</p>}
      <ul className="sync-list">{waiting.map((one) => <Line key={one.id} waiting={one} />)}</ul>
    </section>
  );
}

function Line({ waiting }: { waiting: Waiting }) {
  const times = useTimes();
  const sending = waiting.state === "sending";
  const takeBack = async () => {
    try {
      await undo({ id: waiting.id });
      say("Taken back.");
    } catch (error) {
      warn(problemOf(error).sentence);
    }
    await refreshAll();
  };
  return (
    <li data-testid={`waiting-${waiting.id}`}>
      <div className="sync-what">
        <p><strong>{waiting.summary}</strong></p>
        <p className="soft small"><RecordLink kind={waiting.target_kind} id={waiting.target}>{waiting.target_title}</RecordLink> · {times.at(waiting.at)}</p>
      </div>
      <Chip icon={sending ? "sync" : "clock"} tone={sending ? "accent" : "neutral"}>{sending ? "Sending" : "Waiting"}</Chip>
      {!sending && <Button onPress={() => void takeBack()} label={`Take back: ${waiting.summary}`}>Take back</Button>}
    </li>
  );
}
