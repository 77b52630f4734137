// The one thing an inspector needs between two visits.

import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import type { Row } from "../../bindings";
import { Data } from "../../parts/bits";
import { Icon } from "../../parts/Icon";
import { href } from "../../parts/route";
import { windowWords } from "../../parts/time";
import { VisitChips } from "../chips";
import { placeName, visitOf } from "../words";

export function NextStop({ row, first }: { row: Row; first: boolean }) {
  const visit = visitOf(row);
  const place = placeName(visit);
  const { contact_name: name, contact_phone: phone } = visit;
  const title = visit.status === "in_progress" ? t`Now` : first ? t`First stop` : t`Next stop`;
  return (
    <section className="next-stop" aria-labelledby="next-stop-title" data-testid="next-stop" data-visit={row.id}>
      <div className="next-stop-what">
        <h2 id="next-stop-title">{title} · {windowWords(visit.from_minute, visit.to_minute)}</h2>
        <p className="next-stop-place"><Data>{place}</Data></p>
        <p className="soft">
          <Data>{[visit.inspection_type_name, visit.establishment !== visit.address && visit.establishment].filter(Boolean).join(" · ")}</Data>
        </p>
        <div className="chips"><VisitChips row={row} status={false} /></div>
      </div>
      <div className="buttons">
        <a className="button primary big" href={href({ screen: "inspection", id: row.id })}>
          <Icon name="right" /><Trans>Open</Trans>
        </a>
        {phone && (
          <a className="button big" href={`tel:${phone.replace(/[^+\d]/g, "")}`} aria-label={name ? t`Call ${name}, ${phone}` : t`Call the contact, ${phone}`}>
            <Icon name="phone" /><Trans>Call</Trans>
          </a>
        )}
        {visit.latitude != null && visit.longitude != null && (
          <a className="button big" href={`geo:${visit.latitude},${visit.longitude}`} aria-label={t`Navigate to ${place}`}>
            <Icon name="route" /><Trans>Navigate</Trans>
          </a>
        )}
      </div>
    </section>
  );
}
