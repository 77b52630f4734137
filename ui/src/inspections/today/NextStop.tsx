// The one thing an inspector needs between two visits.

import type { Row } from "../../bindings";
import { Icon } from "../../parts/Icon";
import { href } from "../../parts/route";
import { windowWords } from "../../parts/time";
import { VisitChips } from "../chips";
import { placeName, visitOf } from "../words";

export function NextStop({ row, first }: { row: Row; first: boolean }) {
  const visit = visitOf(row);
  const title = visit.status === "in_progress" ? "Now" : first ? "First stop" : "Next stop";
  return (
    <section className="next-stop" aria-labelledby="next-stop-title" data-testid="next-stop" data-visit={row.id}>
      <div className="next-stop-what">
        <h2 id="next-stop-title">{title} · {windowWords(visit.from_minute, visit.to_minute)}</h2>
        <p className="next-stop-place">{placeName(visit)}</p>
        <p className="soft">
          {[visit.inspection_type_name, visit.establishment !== visit.address && visit.establishment].filter(Boolean).join(" · ")}
        </p>
        <div className="chips"><VisitChips row={row} status={false} /></div>
      </div>
      <div className="buttons">
        <a className="button primary big" href={href({ screen: "inspection", id: row.id })}>
          <Icon name="right" />Open
        </a>
        {visit.contact_phone && (
          <a className="button big" href={`tel:${visit.contact_phone.replace(/[^+\d]/g, "")}`} aria-label={`Call ${visit.contact_name ?? "the contact"}, ${visit.contact_phone}`}>
            <Icon name="phone" />Call
          </a>
        )}
        {visit.latitude != null && visit.longitude != null && (
          <a className="button big" href={`geo:${visit.latitude},${visit.longitude}`} aria-label={`Navigate to ${placeName(visit)}`}>
            <Icon name="route" />Navigate
          </a>
        )}
      </div>
    </section>
  );
}
