// A permit, to read; and to book a visit under it, where that is allowed.

import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { type ReactNode, useState } from "react";
import { useSheet } from "../../bridge/queries";
import type { Sheet } from "../../bindings";
import { type Action, useActions } from "../../parts/actions";
import { Data, Empty } from "../../parts/bits";
import { ActionButton, Button } from "../../parts/Button";
import { back } from "../../parts/route";
import { Screen } from "../../parts/Screen";
import { WordChip } from "../chips";
import { offer, offered } from "../../commands/doing";
import { calendarOf, PERMIT_STATUS, permitOf } from "../words";
import { BookDialog } from "./BookDialog";

export function PermitSheet({ id }: { id: string }) {
  const { data: sheet, isPending } = useSheet(id);
  if (isPending) return <Screen name="permit" title={t`Permit`}><p role="status" className="soft"><Trans>Opening…</Trans></p></Screen>;
  if (!sheet) {
    return (
      <Screen name="permit" title={t`This permit is not on this laptop`}>
        <Empty title={t`You cannot open this permit here`}><p><Trans>It comes with the visits assigned to you, and leaves with them.</Trans></p></Empty>
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
  const book: Action | null = bookable && { name: "book_appointment", label: t`Book an inspection`, ...offered(bookable), run: () => setBooking(true) };
  const goBack: Action = { name: "back", label: t`Back`, shortcut: "Escape", run: () => back({ screen: "today", day: null }) };
  useActions(book ? [book, goBack] : [goBack]);
  const { number } = permit;
  const facts: [string, ReactNode][] = [
    [t`Type`, data(permit.permit_type)],
    [t`Description`, data(permit.description)],
    [t`Address`, data(permit.address)],
    [t`Establishment`, data(permit.establishment)],
    [t`Contact`, data(permit.contact_name)],
    [t`Phone`, data(permit.contact_phone)],
    [t`E-mail`, data(permit.contact_email)],
    [t`Fee`, permit.fee_paid == null ? null : permit.fee_paid ? t`Paid` : t`Not paid`],
    [t`Calendar`, data(calendar?.name)],
  ];
  return (
    <Screen
      name="permit"
      title={t`Permit ${number}`}
      className="reading"
      heading={
        <div className="buttons">
          <Button icon="left" label={t`Back`} shortcut="Escape" onPress={goBack.run}>{null}</Button>
          <h1><Trans>Permit <Data>{number}</Data></Trans></h1>
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

const data = (words: string | null | undefined) => words && <Data>{words}</Data>;
