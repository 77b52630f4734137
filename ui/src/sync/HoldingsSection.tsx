// What this laptop holds, in words and counts, and the receipts of what was removed from it.

import { plural, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useHoldings } from "../bridge/queries";
import type { Holdings, Receipt } from "../bindings";
import { Chip, Ruled } from "../parts/bits";
import { count } from "../parts/language";
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
  const kinds = holdings.records.map(({ kind, count }) => kindWords(kind, count));
  if (holdings.photos > 0) kinds.push(plural(holdings.photos, { one: "# photo", other: "# photos" }));
  const held = kinds.join(", ");
  const bytes = size(holdings.bytes);
  const checked = holdings.checked == null ? null : times.at(holdings.checked);
  return (
    <section className="section" aria-labelledby="holdings-title" data-testid="holdings">
      <h2 id="holdings-title"><Trans>What this laptop holds</Trans></h2>
      <p>
        {kinds.length > 0 ? t`${held}; ${bytes}, encrypted.` : t`Nothing.`}{" "}
        {checked === null ? t`Not yet compared with the office.` : t`Compared with the office and equal, ${checked}.`}
      </p>
      {holdings.views.length > 0 && (
        <div className="table-scroll">
          <table>
            <thead><tr><th scope="col"><Trans>Because you may see</Trans></th><th scope="col" className="number"><Trans>Records</Trans></th></tr></thead>
            <tbody>
              {holdings.views.map((view) => (
                <tr key={view.view} data-testid={`view-${view.view}`}><td><Ruled>{view.title}</Ruled></td><td className="number">{count(view.records)}</td></tr>
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
      <h2 id="receipts-title"><Trans>Removed from this laptop</Trans></h2>
      {receipts.length === 0 && <p><Trans>Nothing was removed.</Trans></p>}
      {receipts.length > 0 && (
        <>
          <p className="soft"><Trans>When a role or an assignment ends, what it covered is deleted here, and the laptop checks that it is gone.</Trans></p>
          <div className="table-scroll">
            <table>
              <thead><tr><th scope="col"><Trans>When</Trans></th><th scope="col"><Trans>What</Trans></th><th scope="col" className="number"><Trans>Records</Trans></th><th scope="col"><Trans>Checked</Trans></th></tr></thead>
              <tbody>
                {receipts.map((receipt) => (
                  <tr key={`${receipt.at}-${receipt.titles.join()}`}>
                    <td className="nowrap">{times.at(receipt.at)}</td>
                    <td><Ruled>{receipt.titles.join(", ")}</Ruled></td>
                    <td className="number">{count(receipt.records)}</td>
                    <td>{receipt.verified ? <Chip icon="check" tone="good"><Trans>Gone</Trans></Chip> : <Chip icon="clock" tone="attention"><Trans>Not yet checked</Trans></Chip>}</td>
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

function kindWords(kind: string, held: number): string {
  switch (kind) {
    case "appointment":
      return plural(held, { one: "# visit", other: "# visits" });
    case "permit":
      return plural(held, { one: "# permit", other: "# permits" });
    case "calendar":
      return plural(held, { one: "# calendar", other: "# calendars" });
    case "inspection_type":
      return plural(held, { one: "# inspection type", other: "# inspection types" });
    case "person":
      return plural(held, { one: "# person", other: "# people" });
    case "grant":
      return plural(held, { one: "# role given", other: "# roles given" });
    case "block":
      return plural(held, { one: "# blocked time", other: "# blocked times" });
    case "returned_work":
      return plural(held, { one: "# piece of returned work", other: "# pieces of returned work" });
    default:
      return `${count(held)} ${kind.replaceAll("_", " ")}`;
  }
}

export function size(bytes: number): string {
  const tenths = { minimumFractionDigits: 1, maximumFractionDigits: 1 };
  if (bytes < 1_000_000) return `${count(Math.max(1, Math.round(bytes / 1000)))} kB`;
  return bytes < 1_000_000_000 ? `${count(bytes / 1_000_000, tenths)} MB` : `${count(bytes / 1_000_000_000, tenths)} GB`;
}
