import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { problemOf, undo } from "../bridge";
import { refreshAll, useOutbox } from "../bridge/queries";
import type { Status, Waiting } from "../bindings";
import { Chip, Data, Ruled } from "../parts/bits";
import { Button } from "../parts/Button";
import { RecordLink } from "../parts/RecordLink";
import { useTimes } from "../parts/time";
import { say, warn } from "../parts/toast";

export function WaitingList({ status }: { status: Status }) {
  const { data: waiting = [] } = useOutbox();
  return (
    <section className="section" aria-labelledby="waiting-title" data-testid="waiting-list" data-count={waiting.length}>
      <h2 id="waiting-title"><Trans>Waiting to send</Trans></h2>
      {waiting.length === 0 && <p>{status.photos_waiting === 0 ? t`Everything you did has reached the office.` : t`Every change has reached the office.`}</p>}
      {waiting.length > 0 && !status.online && <p className="soft"><Trans>These go out by themselves, in order, as soon as there is a connection.</Trans></p>}
      <ul className="sync-list">{waiting.map((one) => <Line key={one.id} waiting={one} />)}</ul>
    </section>
  );
}

function Line({ waiting }: { waiting: Waiting }) {
  const times = useTimes();
  const { summary } = waiting;
  const sending = waiting.state === "sending";
  const takeBack = async () => {
    try {
      await undo({ id: waiting.id });
      say(t`Taken back.`);
    } catch (error) {
      warn(problemOf(error).sentence, "en");
    }
    await refreshAll();
  };
  return (
    <li data-testid={`waiting-${waiting.id}`}>
      <div className="sync-what">
        <p><strong><Ruled>{summary}</Ruled></strong></p>
        <p className="soft small"><RecordLink kind={waiting.target_kind} id={waiting.target}><Data>{waiting.target_title}</Data></RecordLink> · {times.at(waiting.at)}</p>
      </div>
      <Chip icon={sending ? "sync" : "clock"} tone={sending ? "accent" : "neutral"}>{sending ? t`Sending` : t`Waiting`}</Chip>
      {!sending && <Button onPress={() => void takeBack()} label={t`Take back: ${summary}`}><Trans>Take back</Trans></Button>}
    </li>
  );
}
