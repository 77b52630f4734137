// The title of a record, as a link where there is a screen for its kind.

import type { ReactNode } from "react";
import { href, placeOf } from "./route";

export function RecordLink({ kind, id, children }: { kind: string | null; id: string; children: ReactNode }) {
  const place = placeOf(kind, id);
  return place ? <a href={href(place)}>{children}</a> : <>{children}</>;
}
