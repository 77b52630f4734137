// "My access": what I may do, where, through which role; and for everything else why not and who can change it.

import { useAccess } from "../bridge/queries";
import type { AccessLine, AccessPlace, AccessRole } from "../bindings";
import { Chip, Empty } from "../parts/bits";
import { Screen } from "../parts/Screen";
import { useTimes } from "../parts/time";

export function Access() {
  const { data: access } = useAccess();
  return (
    <Screen name="access" title="My access" className="reading">
      {access && (
        <>
          <p className="soft">What {access.name} can do on this laptop. The office applies the same rules to everything that is sent.</p>
          <section className="section" aria-labelledby="roles-title" data-testid="roles">
            <h2 id="roles-title">Roles</h2>
            {access.roles.length === 0 ? (
              <Empty title="You have no role"><p>Without a role nothing is kept on this laptop and nothing can be changed.</p></Empty>
            ) : (
              <ul className="roles">{access.roles.map((role, index) => <Role key={index} role={role} />)}</ul>
            )}
            {access.contacts.length > 0 && <p>To change your access, ask <strong>{access.contacts.join(" or ")}</strong>.</p>}
          </section>
          {access.places.map((place) => <Place key={place.id} place={place} />)}
        </>
      )}
    </Screen>
  );
}

function Role({ role }: { role: AccessRole }) {
  const times = useTimes();
  const span = [role.from != null && `from ${times.date(role.from)}`, role.until != null && `until ${times.date(role.until)}`].filter(Boolean).join(" ");
  return (
    <li>
      <h3>{role.title}</h3>
      <p>{role.because}</p>
      <p className="soft small">Given by {role.granted_by}{span && `, ${span}`}</p>
    </li>
  );
}

function Place({ place }: { place: AccessPlace }) {
  return (
    <section className="section" aria-labelledby={`place-${place.id}`} data-testid={`place-${place.id}`}>
      <h2 id={`place-${place.id}`}>{place.title}</h2>
      <div className="table-scroll">
        <table>
          <thead>
            <tr><th scope="col">What</th><th scope="col">Allowed</th><th scope="col">Which, or why not</th><th scope="col">Who can change it</th></tr>
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
      <th scope="row" className="verb">{line.verb}</th>
      <td className="nowrap"><Chip icon={line.allowed ? "check" : "cross"} tone={line.allowed ? "good" : "neutral"}>{line.allowed ? "Yes" : "No"}</Chip></td>
      <td>
        {line.allowed ? line.reach : (line.denial?.sentence ?? "")}
        {!line.allowed && line.denial?.fact && <span className="hint">{line.denial.fact}</span>}
      </td>
      <td>{line.allowed ? "" : (line.denial?.who ?? "")}</td>
    </tr>
  );
}
