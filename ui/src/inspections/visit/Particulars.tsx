// The permit and the applicant's contact: only what came. What a person may not see is simply not here.

import type { ReactNode } from "react";
import type { Sheet } from "../../bindings";
import type { Action } from "../../parts/actions";
import { ActionButton } from "../../parts/Button";
import { Icon } from "../../parts/Icon";
import { href } from "../../parts/route";
import { windowWords } from "../../parts/time";
import { calendarOf, permitOf, typeOf, visitOf } from "../words";

export function Particulars({ sheet, request }: { sheet: Sheet; request: Action | null }) {
  const visit = visitOf(sheet.row);
  const permit = sheet.permit && permitOf(sheet.permit);
  const type = sheet.inspection_type && typeOf(sheet.inspection_type);
  const calendar = sheet.calendar && calendarOf(sheet.calendar);
  const number = visit.permit_number || permit?.number;
  const contact = { name: visit.contact_name || permit?.contact_name, phone: visit.contact_phone || permit?.contact_phone, email: visit.contact_email || permit?.contact_email };
  const establishment = visit.establishment || permit?.establishment;
  const marks = visit.source?.marks ?? [];
  return (
    <section className="section particulars" aria-labelledby="particulars-title">
      <h2 id="particulars-title">Visit and permit</h2>
      {(contact.phone || (visit.latitude != null && visit.longitude != null)) && (
        <div className="buttons">
          {contact.phone && <a className="button" href={`tel:${contact.phone.replace(/[^+\d]/g, "")}`}><Icon name="phone" />Call</a>}
          {visit.latitude != null && visit.longitude != null && <a className="button" href={`geo:${visit.latitude},${visit.longitude}`}><Icon name="route" />Navigate</a>}
        </div>
      )}
      <dl className="facts stacked">
        <Line name="Contact">{contact.name}</Line>
        <Line name="Phone">{contact.phone}</Line>
        <Line name="E-mail">{contact.email}</Line>
        <Line name="Establishment">{establishment}</Line>
        <Line name="Permit">
          {number && (visit.permit && sheet.permit ? <a href={href({ screen: "permit", id: visit.permit })}>{number}</a> : number)}
        </Line>
        <Line name="Permit type">{visit.permit_type || permit?.permit_type}</Line>
        <Line name="Description">{permit?.description}</Line>
        <Line name="Window">{windowWords(visit.from_minute, visit.to_minute)}</Line>
        <Line name="Inspector">{visit.assignee_name || (visit.assignee ? "" : "Nobody assigned")}</Line>
        <Line name="Calendar">{calendar && [calendar.name, calendar.department_name].filter(Boolean).join(", ")}</Line>
        <Line name="Requirements">{type?.requirements?.length ? type.requirements.join("; ") : null}</Line>
        {Object.entries(visit.source?.facts ?? {}).map(([name, value]) => <Line key={name} name={plain(name)}>{value}</Line>)}
      </dl>
      {request && <div><ActionButton action={request} testid="request-reassignment" /></div>}
      {marks.length > 0 && <p className="soft small">Imported from {visit.source?.system}: {marks.map(plain).join(", ").toLowerCase()}.</p>}
    </section>
  );
}

function Line({ name, children }: { name: string; children: ReactNode }) {
  return children ? <div><dt>{name}</dt><dd>{children}</dd></div> : null;
}

const plain = (name: string) => {
  const words = name.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
};
