// Why there is nothing here, and what to do about it.

import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { useAccess, useStatus } from "../../bridge/queries";
import { Data, Empty } from "../../parts/bits";
import { Button } from "../../parts/Button";
import { eitherOf } from "../../parts/language";
import { href } from "../../parts/route";
import { dayWords } from "../../parts/time";
import { nearestDays } from "./days";

export function EmptyDay({ day, onDay }: { day: string; onDay: (day: string) => void }) {
  const status = useStatus();
  const { data: access } = useAccess();
  const { data: near } = useQuery({ queryKey: ["nearest", day], queryFn: () => nearestDays(day) });
  if (access && access.roles.length === 0) {
    const who = eitherOf(access.contacts);
    return (
      <Empty title={t`You have no role`} testid="no-role">
        <p>
          <Trans>Visits appear here once you are given a role in a calendar.</Trans>{" "}
          {who ? <Trans>Ask <Data>{who}</Data>.</Trans> : <Trans>Ask your supervisor.</Trans>}
        </p>
        <p className="soft"><Trans>Signed in as <Data>{status?.name ?? status?.username}</Data>. If that is not you, switch user in the menu at the top.</Trans></p>
        <a className="button" href={href({ screen: "access" })}><Trans>My access</Trans></a>
      </Empty>
    );
  }
  const when = dayWords(day);
  const none = near && !near.before && !near.after;
  return (
    <Empty title={none ? t`There are no visits on this laptop` : t`No visits on ${when}`} testid="empty-day">
      <p>
        {none
          ? t`Nothing is assigned to you, or the first sync has not finished.`
          : t`None of the visits you may see is on this day. Visits appear here as soon as they are assigned and synced.`}
      </p>
      <div className="buttons">
        {near?.after && <Button tone="primary" icon="right" testid="nearest-after" onPress={() => near.after && onDay(near.after)}>{nextWords(dayWords(near.after))}</Button>}
        {near?.before && <Button icon="left" testid="nearest-before" onPress={() => near.before && onDay(near.before)}>{lastWords(dayWords(near.before))}</Button>}
        <a className="button quiet" href={href({ screen: "access" })}><Trans>Why can’t I see my schedule?</Trans></a>
      </div>
    </Empty>
  );
}

const nextWords = (day: string) => t`Next: ${day}`;
const lastWords = (day: string) => t`Last: ${day}`;
