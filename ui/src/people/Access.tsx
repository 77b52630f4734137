// "My access": what I may do, where, through which role; and for everything else why not and who can change it.

import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useAccess } from "../bridge/queries";
import type { AccessLine, AccessPlace, AccessRole } from "../bindings";
import { Chip, Data, Empty, Ruled } from "../parts/bits";
import { eitherOf } from "../parts/language";
import { Screen } from "../parts/Screen";
import { useTimes } from "../parts/time";
import { Emergencies } from "./Emergencies";

export function Access() {
  const { data: access } = useAccess();
  return (
    <Screen name="access" title={t`My access`} className="reading">
      {access && (
        <>
          <p className="soft"><Trans>What <Data>{access.name}</Data> can do on this laptop. The office applies the same rules to everything that is sent.</Trans></p>
          <section className="section" aria-labelledby="roles-title" data-testid="roles">
            <h2 id="roles-title"><Trans>Roles</Trans></h2>
            {access.roles.length === 0 ? (
              <Empty title={t`You have no role`}><p><Trans>Without a role nothing is kept on this laptop and nothing can be changed.</Trans></p></Empty>
            ) : (
              <ul className="roles">{access.roles.map((role, index) => <Role key={index} role={role} />)}</ul>
            )}
            {access.contacts.length > 0 && <p><Trans>To change your access, ask <strong translate="no">{eitherOf(access.contacts)}</strong>.</Trans></p>}
          </section>
          <Emergencies access={access} />
          {access.places.map((place) => <Place key={place.id} place={place} />)}
        </>
      )}
    </Screen>
  );
}

const DAY = 24 * 60 * 60 * 1000;

function Role({ role }: { role: AccessRole }) {
  const times = useTimes();
  // What ends on the day it began has hours worth saying.
  const isShort = role.from != null && role.until != null && role.until - role.from < DAY;
  const said = isShort ? times.at : times.date;
  const from = role.from == null ? null : said(role.from);
  const until = role.until == null ? null : said(role.until);
  const span = from && until ? t`from ${from} until ${until}` : from ? t`from ${from}` : until && t`until ${until}`;
  return (
    <li>
      <h3><Ruled>{role.title}</Ruled></h3>
      <p><Data>{role.because}</Data></p>
      <p className="soft small"><Trans>Given by <Data>{role.granted_by}</Data></Trans>{span && `, ${span}`}</p>
    </li>
  );
}

function Place({ place }: { place: AccessPlace }) {
  return (
    <section className="section" aria-labelledby={`place-${place.id}`} data-testid={`place-${place.id}`}>
      <h2 id={`place-${place.id}`}><Ruled>{place.title}</Ruled></h2>
      <div className="table-scroll">
        <table>
          <thead>
            <tr><th scope="col"><Trans>What</Trans></th><th scope="col"><Trans>Allowed</Trans></th><th scope="col"><Trans>Which, or why not</Trans></th><th scope="col"><Trans>Who can change it</Trans></th></tr>
          </thead>
          <tbody>{place.lines.map((line) => <Line key={line.verb} line={line} />)}</tbody>
        </table>
      </div>
    </section>
  );
}

function Line({ line }: { line: AccessLine }) {
  return (
    <tr data-allowed={line.allowed}>
      <th scope="row" className="verb"><Ruled>{line.verb}</Ruled></th>
      <td className="nowrap"><Chip icon={line.allowed ? "check" : "cross"} tone={line.allowed ? "good" : "neutral"}>{line.allowed ? t`Yes` : t`No`}</Chip></td>
      <td>
        <Ruled>{line.allowed ? line.reach : line.denial?.sentence}</Ruled>
        {!line.allowed && line.denial?.fact && <span className="hint"><Ruled>{line.denial.fact}</Ruled></span>}
      </td>
      <td>{!line.allowed && <Ruled>{line.denial?.who}</Ruled>}</td>
    </tr>
  );
}
