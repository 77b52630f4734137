// The blocked times that are not over, each with how to take it back.

import { useSheet } from "../../bridge/queries";
import type { Block, Command, Row } from "../../bindings";
import { type Action, useActions } from "../../parts/actions";
import { ActionButton } from "../../parts/Button";
import { offer, offered, performOrWarn } from "../doing";
import { blockOf, calendarOf, freshId } from "../words";
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
        <span>Blocked times <span className="soft small">{rows.length}</span></span>
        <ActionButton action={block} testid="block-time" />
      </h2>
      {rows.length === 0 ? <p className="soft">Nothing is blocked from today on.</p> : (
        <div className="table-scroll">
          <table>
            <caption className="visually-hidden">Blocked times from today on</caption>
            <thead><tr><th scope="col">Who</th><th scope="col">When</th><th scope="col">Reason</th><th scope="col">Change</th></tr></thead>
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
    label: "Lift",
    ...offered(offer(sheet, "unblock_time")),
    run: () => void performOrWarn(
      { name: "unblock_time", input: { block: row.id } }, "Lifted. Saved on this laptop.",
      again(held),
    ),
  };
  useActions([{ ...lift, name: `unblock_time-${row.id}`, label: `Lift the block: ${person_name || place}, ${blockTime(held)}` }]);
  return (
    <tr data-testid={`block-${row.id}`}>
      <th scope="row">{person_name || place}{person_name && <span className="hint">{place}</span>}</th>
      <td>{blockTime(held)}</td>
      <td>{because}</td>
      <td><ActionButton action={lift} testid={`lift-${row.id}`} /></td>
    </tr>
  );
}

/** The same block anew, where all of it is known here. */
function again({ calendar, person, from_day, until_day, from_minute, to_minute, because }: Block): Command | undefined {
  return because ? { name: "block_time", input: { block: freshId("block"), calendar, person, from_day, until_day, from_minute, to_minute, because } } : undefined;
}
