// Which of the four states the window is in: nobody, somebody who went away, a lease that ran out, or work.

import { type ReactNode, useEffect, useMemo } from "react";
import { followChanges, useStatus } from "../bridge/queries";
import { PlaceInTime } from "../parts/time";
import { Frame } from "./Frame";
import { Lease } from "./Lease";
import { Lock } from "./Lock";
import { SignIn } from "./SignIn";

export function App() {
  const status = useStatus();
  useEffect(followChanges, []);
  if (!status || status.phase === "starting") {
    return <main className="alone" data-screen="starting"><h1 className="visually-hidden">Bailiwick</h1><p role="status">Opening Bailiwick…</p></main>;
  }
  return <Timed zone={status.zone || "UTC"} today={status.today}>{screenOf(status)}</Timed>;
}

function Timed({ zone, today, children }: { zone: string; today: string; children: ReactNode }) {
  return <PlaceInTime value={useMemo(() => ({ zone, today }), [zone, today])}>{children}</PlaceInTime>;
}

function screenOf(status: NonNullable<ReturnType<typeof useStatus>>) {
  switch (status.phase) {
    case "locked":
      return <Lock status={status} />;
    case "lease_over":
      return <Lease status={status} />;
    case "open":
      return <Frame status={status} />;
    default:
      return <SignIn status={status} />;
  }
}
