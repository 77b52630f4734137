// Why there is nothing here, and what to do about it.

import { useQuery } from "@tanstack/react-query";
import { useAccess, useStatus } from "../../bridge/queries";
import { Empty } from "../../parts/bits";
import { Button } from "../../parts/Button";
import { href } from "../../parts/route";
import { dayWords } from "../../parts/time";
import { nearestDays } from "./days";

export function EmptyDay({ day, onDay }: { day: string; onDay: (day: string) => void }) {
  const status = useStatus();
  const { data: access } = useAccess();
  const { data: near } = useQuery({ queryKey: ["nearest", day], queryFn: () => nearestDays(day) });
  if (access && access.roles.length === 0) {
    return (
      <Empty title="You have no role" testid="no-role">
        <p>
          Visits appear here once you are given a role in a calendar.
          {access.contacts.length > 0 ? ` Ask ${access.contacts.join(" or ")}.` : " Ask your supervisor."}
        </p>
        <p className="soft">Signed in as {status?.name ?? status?.username}. If that is not you, switch user at the top right.</p>
        <a className="button" href={href({ screen: "access" })}>My access</a>
      </Empty>
    );
  }
  const none = near && !near.before && !near.after;
  return (
    <Empty title={none ? "There are no visits on this laptop" : `No visits on ${dayWords(day)}`} testid="empty-day">
      <p>
        {none
          ? "Nothing is assigned to you, or the first sync has not finished."
          : "None of the visits you may see is on this day. Visits appear here as soon as they are assigned and synced."}
      </p>
      <div className="buttons">
        {near?.after && <Button tone="primary" icon="right" testid="nearest-after" onPress={() => near.after && onDay(near.after)}>Next: {dayWords(near.after)}</Button>}
        {near?.before && <Button icon="left" testid="nearest-before" onPress={() => near.before && onDay(near.before)}>Last: {dayWords(near.before)}</Button>}
        <a className="button quiet" href={href({ screen: "access" })}>Why can’t I see my schedule?</a>
      </div>
    </Empty>
  );
}
