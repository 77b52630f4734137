// Opening a visit is looking at it: its marks go, and what they said stays to read as long as it is open.

import { useEffect, useState } from "react";
import { lookedAt } from "../../bridge";
import type { News, Row } from "../../bindings";

/** What had changed since the person last looked at this visit. */
export function useLooking({ id, news }: Row): News[] {
  const [told, setTold] = useState<News[]>(news);
  const names = news.join();
  useEffect(() => {
    if (names === "") return;
    setTold((before) => [...new Set([...before, ...(names.split(",") as News[])])]);
    // Where it cannot be noted the mark stays, and the next opening tries again.
    lookedAt({ records: [id] }).catch(() => undefined);
  }, [id, names]);
  return told;
}
