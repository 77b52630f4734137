// A permit, to read; and to book a visit under it, where that is allowed.

import { useState } from "react";
import { useSheet } from "../../bridge/queries";
import type { Sheet } from "../../bindings";
import { type Action, useActions } from "../../parts/actions";
import { Empty } from "../../parts/bits";
import { ActionButton, Button } from "../../parts/Button";
import { back } from "../../parts/route";
import { Screen } from "../../parts/Screen";
import { WordChip } from "../chips";
import { offer, offered } from "../doing";
import { calendarOf, PERMIT_STATUS, permitOf } from "../words";
import { BookDialog } from "./BookDialog";

export function PermitSheet({ id }: { id: string }) {
  const { data: sheet, isPending } = useSheet(id);
  if (isPending) return <Screen name="permit" title="Permit"><p role="status" className="soft">Opening…</p></Screen>;
  if (!sheet) {
    return (
      <Screen name="permit" title="This permit is not on this laptop">
        <Empty title="You cannot open this permit here"><p>It comes with the visits assigned to you, and leaves with them.</p></Empty>
      </Screen>
    );
  }
  return <Opened key={id} sheet={sheet} />;
}

function Opened({ sheet }: { sheet: Sheet }) {
  const [booking, setBooking] = useState(false);
  const permit = permitOf(sheet.row);
  const calendar = sheet.calendar && calendarOf(sheet.calendar);
  const bookable = offer(sheet, "book_appointment");
  const book: Action | null = bookable && { name: "book_appointment", label: "Book an inspection", ...offered(bookable), run: () => setBooking(true) };
  const goBack: Action = { name: "back", label: "Back", shortcut: "Escape", run: () => back({ screen: "today", day: null }) };
  useActions(book ? [book, goBack] : [goBack]);
  const facts: [string, string | null | undefined][] = [
    ["Type", permit.permit_type],
    ["Description", permit.description],
    ["Address", permit.address],
    ["Establishment", permit.establishment],
    ["Contact", permit.contact_name],
    ["Phone", permit.contact_phone],
    ["E-mail", permit.contact_email],
    ["Fee", permit.fee_paid == null ? null : permit.fee_paid ? "Paid" : "Not paid"],
    ["Calendar", calendar?.name],
  ];
  return (
    <Screen
      name="permit"
      title={`Permit ${permit.number}`}
      className="reading"
      heading={
        <div className="buttons">
          <Button icon="left" label="Back" shortcut="Escape" onPress={goBack.run}>{null}</Button>
          <h1>Permit {permit.number}</h1>
          <WordChip word={PERMIT_STATUS[permit.status]} testid="permit-status" />
        </div>
      }
      actions={book && <ActionButton action={book} tone="primary" icon="today" testid="book" />}
    >
      <dl className="facts">
        {facts.map(([name, value]) => value && <div key={name}><dt>{name}</dt><dd>{value}</dd></div>)}
      </dl>
      <BookDialog id={sheet.row.id} permit={permit} isOpen={booking} onClose={() => setBooking(false)} />
    </Screen>
  );
}
