// What a supervisor can do about one inspector: say that they are not there, give their visits away, take it back.

import { t } from "@lingui/core/macro";
import { useSheet } from "../../bridge/queries";
import type { Row } from "../../bindings";
import { ActionMenu } from "../../parts/ActionMenu";
import { type Action, useActions } from "../../parts/actions";
import { daysWords } from "../../parts/time";
import { offer, offered, performOrWarn } from "../../commands/doing";
import { personOf } from "../words";
import { absenceOn, absencesFrom } from "./away";
import type { Opens } from "./TeamDialogs";

interface LaneMenuProps {
  person: Row;
  day: string;
  today: string;
  onOpen: (what: Opens) => void;
}

export function LaneMenu({ person, day, today, onOpen }: LaneMenuProps) {
  const { data: sheet } = useSheet(person.id);
  const { name } = personOf(person);
  const away = offer(sheet, "mark_unavailable");
  const back = offer(sheet, "mark_available");
  const isTheirs = away !== null && away.denial?.code !== "not_granted";
  const absence = absenceOn(person, day);
  const actions: Action[] = !isTheirs ? [] : [
    { name: "mark_unavailable", label: t`Mark unavailable…`, ...offered(away), run: () => onOpen({ what: "unavailable", person }) },
    ...(absence
      ? [{ name: "move_visits", label: t`Move their visits…`, run: () => onOpen({ what: "move", person, from: absence.from_day < today ? today : absence.from_day, until: absence.until_day }) }]
      : []),
    ...absencesFrom(person, today).map(({ id, from_day, until_day, reason }) => {
      const days = daysWords(from_day, until_day);
      return {
        name: `mark_available-${id}`,
        label: t`Available again, ${days}`,
        ...offered(back),
        run: () => void performOrWarn(
          { name: "mark_available", input: { person: person.id, absence: id } },
          t`${name} is available again. Saved on this laptop.`,
          { name: "mark_unavailable", input: { person: person.id, absence: `${id}.again`, from_day: from_day < today ? today : from_day, until_day, reason } },
        ),
      };
    }),
  ];
  useActions(actions.map((action) => ({ ...action, name: `${action.name}-${person.id}`, label: `${name}: ${action.label}` })));
  return <ActionMenu label={t`More for ${name}`} actions={actions} testid={`lane-menu-${person.id}`} />;
}
