// The blocked times that are not over, each with how to take it back.

import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useSheet } from "../../bridge/queries";
import type { Block, Command, Row } from "../../bindings";
import { freshId } from "../../parts/fresh";
import { type Action, useActions } from "../../parts/actions";
import { Data } from "../../parts/bits";
import { ActionButton } from "../../parts/Button";
import { offer, offered, performOrWarn } from "../../commands/doing";
import { blockOf, calendarOf } from "../words";
import { blockTime } from "./away";

interface BlocksProps {
  rows: Row[];
  calendars: Row[];
  block: Action;
}

export function Blocks({ rows, calendars, block }: BlocksProps) {
  return (
    <section className="section" aria-labelledby="blocks-title" data-testid="blocks" data-count={rows.length}>
      <h2 id="blocks-title" className="blocks-title">
        <span><Trans>Blocked times</Trans> <span className="soft small">{rows.length}</span></span>
        <ActionButton action={block} testid="block-time" />
      </h2>
      {rows.length === 0 ? <p className="soft"><Trans>Nothing is blocked from today on.</Trans></p> : (
        <div className="table-scroll">
          <table>
            <caption className="visually-hidden"><Trans>Blocked times from today on</Trans></caption>
            <thead><tr><th scope="col"><Trans>Who</Trans></th><th scope="col"><Trans>When</Trans></th><th scope="col"><Trans>Reason</Trans></th><th scope="col"><Trans>Change</Trans></th></tr></thead>
            <tbody>{rows.map((row) => <BlockRow key={row.id} row={row} calendars={calendars} />)}</tbody>
          </table>
        </div>
      )}
    </section>
  );
}

function BlockRow({ row, calendars }: { row: Row; calendars: Row[] }) {
  const { data: sheet } = useSheet(row.id);
  const held = blockOf(row);
  const { person_name, because } = held;
  const calendar = calendars.find((one) => one.id === held.calendar);
  const place = calendar ? calendarOf(calendar).name : held.calendar;
  const lift: Action = {
    name: "unblock_time",
    label: t`Lift`,
    ...offered(offer(sheet, "unblock_time")),
    run: () => void performOrWarn(
      { name: "unblock_time", input: { block: row.id } }, t`Lifted. Saved on this laptop.`,
      again(held),
    ),
  };
  const [whose, time] = [person_name || place, blockTime(held)];
  useActions([{ ...lift, name: `unblock_time-${row.id}`, label: t`Lift the block: ${whose}, ${time}` }]);
  return (
    <tr data-testid={`block-${row.id}`}>
      <th scope="row"><Data>{whose}</Data>{person_name && <span className="hint"><Data>{place}</Data></span>}</th>
      <td>{time}</td>
      <td><Data>{because}</Data></td>
      <td><ActionButton action={lift} testid={`lift-${row.id}`} /></td>
    </tr>
  );
}

/** The same block anew, where all of it is known here. */
function again({ calendar, person, from_day, until_day, from_minute, to_minute, because }: Block): Command | undefined {
  return because ? { name: "block_time", input: { block: freshId("block"), calendar, person, from_day, until_day, from_minute, to_minute, because } } : undefined;
}
