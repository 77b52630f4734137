// The permit and the applicant's contact: only what came. What a person may not see is simply not here.

import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import type { ReactNode } from "react";
import type { Sheet } from "../../bindings";
import type { Action } from "../../parts/actions";
import { Data } from "../../parts/bits";
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
      <h2 id="particulars-title"><Trans>Visit and permit</Trans></h2>
      {(contact.phone || (visit.latitude != null && visit.longitude != null)) && (
        <div className="buttons">
          {contact.phone && <a className="button" href={`tel:${contact.phone.replace(/[^+\d]/g, "")}`}><Icon name="phone" /><Trans>Call</Trans></a>}
          {visit.latitude != null && visit.longitude != null && <a className="button" href={`geo:${visit.latitude},${visit.longitude}`}><Icon name="route" /><Trans>Navigate</Trans></a>}
        </div>
      )}
      <dl className="facts stacked">
        <Line name={t`Contact`}>{data(contact.name)}</Line>
        <Line name={t`Phone`}>{data(contact.phone)}</Line>
        <Line name={t`E-mail`}>{data(contact.email)}</Line>
        <Line name={t`Establishment`}>{data(establishment)}</Line>
        <Line name={t`Permit`}>
          {number && (visit.permit && sheet.permit ? <a href={href({ screen: "permit", id: visit.permit })}><Data>{number}</Data></a> : <Data>{number}</Data>)}
        </Line>
        <Line name={t`Permit type`}>{data(visit.permit_type || permit?.permit_type)}</Line>
        <Line name={t`Description`}>{data(permit?.description)}</Line>
        <Line name={t`Window`}>{windowWords(visit.from_minute, visit.to_minute)}</Line>
        <Line name={t`Inspector`}>{visit.assignee_name ? <Data>{visit.assignee_name}</Data> : !visit.assignee && t`Nobody assigned`}</Line>
        <Line name={t`Calendar`}>{calendar && <Data>{[calendar.name, calendar.department_name].filter(Boolean).join(", ")}</Data>}</Line>
        <Line name={t`Requirements`}>{type?.requirements?.length ? <Data>{type.requirements.join("; ")}</Data> : null}</Line>
        {Object.entries(visit.source?.facts ?? {}).map(([name, value]) => <Line key={name} name={<Data>{plain(name)}</Data>}><Data>{value}</Data></Line>)}
      </dl>
      {request && <div><ActionButton action={request} testid="request-reassignment" /></div>}
      {marks.length > 0 && <p className="soft small"><Trans>Imported from <Data>{visit.source?.system}</Data>: <Data>{marks.map(plain).join(", ").toLowerCase()}</Data>.</Trans></p>}
    </section>
  );
}

function Line({ name, children }: { name: ReactNode; children: ReactNode }) {
  return children ? <div><dt>{name}</dt><dd>{children}</dd></div> : null;
}

const data = (words: string | null | undefined) => words && <Data>{words}</Data>;

const plain = (name: string) => {
  const words = name.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
};
