// What this laptop holds, in words and counts, and the receipts of what was removed from it.

import { useHoldings } from "../bridge/queries";
import type { Holdings, Receipt } from "../bindings";
import { Chip } from "../parts/bits";
import { useTimes } from "../parts/time";

export function HoldingsSection() {
  const { data: holdings } = useHoldings();
  if (!holdings) return null;
  return (
    <>
      <Held holdings={holdings} />
      <Receipts receipts={holdings.receipts} />
    </>
  );
}

function Held({ holdings }: { holdings: Holdings }) {
  const times = useTimes();
  const kinds = holdings.records.map(({ kind, count }) => `${count.toLocaleString("en")} ${plural(kind, count)}`);
  if (holdings.photos > 0) kinds.push(`${holdings.photos.toLocaleString("en")} ${holdings.photos === 1 ? "photo" : "photos"}`);
  return (
    <section className="section" aria-labelledby="holdings-title" data-testid="holdings">
      <h2 id="holdings-title">What this laptop holds</h2>
      <p>
        {kinds.length > 0 ? `${kinds.join(", ")}; ${size(holdings.bytes)}, encrypted.` : "Nothing."}{" "}
        {holdings.checked == null ? "Not yet compared with the office." : `Compared with the office and equal, ${times.at(holdings.checked)}.`}
      </p>
      {holdings.views.length > 0 && (
        <div className="table-scroll">
          <table>
            <thead><tr><th scope="col">Because you may see</th><th scope="col" className="number">Records</th></tr></thead>
            <tbody>
              {holdings.views.map((view) => (
                <tr key={view.view} data-testid={`view-${view.view}`}><td>{view.title}</td><td className="number">{view.records.toLocaleString("en")}</td></tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

function Receipts({ receipts }: { receipts: Receipt[] }) {
  const times = useTimes();
  return (
    <section className="section" aria-labelledby="receipts-title" data-testid="receipts" data-count={receipts.length}>
      <h2 id="receipts-title">Removed from this laptop</h2>
      {receipts.length === 0 && <p>Nothing was removed.</p>}
      {receipts.length > 0 && (
        <>
          <p className="soft">When a role or an assignment ends, what it covered is deleted here, and the laptop checks that it is gone.</p>
          <div className="table-scroll">
            <table>
              <thead><tr><th scope="col">When</th><th scope="col">What</th><th scope="col" className="number">Records</th><th scope="col">Checked</th></tr></thead>
              <tbody>
                {receipts.map((receipt) => (
                  <tr key={`${receipt.at}-${receipt.titles.join()}`}>
                    <td className="nowrap">{times.at(receipt.at)}</td>
                    <td>{receipt.titles.join(", ")}</td>
                    <td className="number">{receipt.records.toLocaleString("en")}</td>
                    <td>{receipt.verified ? <Chip icon="check" tone="good">Gone</Chip> : <Chip icon="clock" tone="attention">Not yet checked</Chip>}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </>
      )}
    </section>
  );
}

const NAMES: Record<string, [string, string]> = {
  appointment: ["visit", "visits"],
  permit: ["permit", "permits"],
  calendar: ["calendar", "calendars"],
  inspection_type: ["inspection type", "inspection types"],
  person: ["person", "people"],
  grant: ["role given", "roles given"],
};

const plural = (kind: string, count: number) => NAMES[kind]?.[count === 1 ? 0 : 1] ?? kind.replaceAll("_", " ");

export function size(bytes: number): string {
  if (bytes < 1_000_000) return `${Math.max(1, Math.round(bytes / 1000))} kB`;
  return bytes < 1_000_000_000 ? `${(bytes / 1_000_000).toFixed(1)} MB` : `${(bytes / 1_000_000_000).toFixed(1)} GB`;
}
