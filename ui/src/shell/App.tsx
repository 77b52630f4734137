// Which of the four states the window is in: nobody, somebody who went away, a lease that ran out, or work.

import { i18n } from "@lingui/core";
import { Trans } from "@lingui/react/macro";
import { I18nProvider } from "@lingui/react";
import { type ReactNode, useEffect, useMemo } from "react";
import { I18nProvider as PartsInLanguage } from "react-aria-components";
import { followChanges, useStatus } from "../bridge/queries";
import { numbersOf, speakFor, useSpoken } from "../parts/language";
import { PlaceInTime } from "../parts/time";
import { Frame } from "./Frame";
import { Lease } from "./Lease";
import { Lock } from "./Lock";
import { SignIn } from "./SignIn";

export function App() {
  const status = useStatus();
  useEffect(followChanges, []);
  const person = status?.username ?? null;
  const isOpen = status?.phase === "open";
  useEffect(() => speakFor(person, isOpen), [person, isOpen]);
  return (
    <I18nProvider i18n={i18n}>
      <PartsInLanguage locale={numbersOf(useSpoken())}>
        {!status || status.phase === "starting" ? <Opening /> : <Timed zone={status.zone || "UTC"} today={status.today}>{screenOf(status)}</Timed>}
      </PartsInLanguage>
    </I18nProvider>
  );
}

function Opening() {
  return <main className="alone" data-screen="starting"><h1 className="visually-hidden" translate="no">Bailiwick</h1><p role="status"><Trans>Opening Bailiwick…</Trans></p></main>;
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
