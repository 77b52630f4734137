// The frame round every screen: where one can go, who one is, and one status line that never moves.

import { i18n } from "@lingui/core";
import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useState } from "react";
import { lock } from "../bridge";
import { takeStatus } from "../bridge/queries";
import type { Status } from "../bindings";
import { type Action, setSingleKeys, singleKeys, useActions } from "../parts/actions";
import { setTheme } from "../parts/theme";
import { say } from "../parts/toast";
import { go, href, type Place, usePlace } from "../parts/route";
import { Toasts } from "../parts/Toasts";
import { Access } from "../people/Access";
import { SyncCentre } from "../sync/SyncCentre";
import { Emergency } from "../inspections/emergency/Emergency";
import { Inspection } from "../inspections/visit/Inspection";
import { PermitSheet } from "../inspections/permit/PermitSheet";
import { Team } from "../inspections/team/Team";
import { Today } from "../inspections/today/Today";
import { Week } from "../inspections/week/Week";
import { AboutDialog } from "./About";
import { EmergencyBanner } from "./EmergencyBanner";
import { ForgottenBanner } from "./ForgottenBanner";
import { Icon, type IconName } from "../parts/Icon";
import { Palette } from "./Palette";
import { SignOutDialog } from "./SignOutDialog";
import { StatusLine } from "./StatusLine";
import { THEMES, TopBar } from "./TopBar";

interface Destination {
  place: Place;
  label: string;
  icon: IconName;
  count?: number;
}

export function Frame({ status }: { status: Status }) {
  const place = usePlace();
  const [palette, setPalette] = useState(false);
  const [leaving, setLeaving] = useState(false);
  const [about, setAbout] = useState(false);
  const destinations = destinationsOf(status);

  const actions: Action[] = [
    { name: "search", label: t`Search`, shortcut: "Ctrl+K", run: () => setPalette(true), hidden: true },
    { name: "search-slash", label: t`Search`, shortcut: "/", run: () => setPalette(true), hidden: true },
    ...destinations.map((one, index) => ({
      name: `go-${one.place.screen}`, label: one.label, shortcut: `Alt+${index + 1}`, run: () => go(one.place),
    })),
    ...(place.screen === "week" ? [] : [{ name: "go-week", label: t`Week`, words: t`my visits seven days`, run: () => go({ screen: "week", day: null }) }]),
    ...THEMES.map(({ value, label }) => {
      const name = i18n._(label);
      return { name: `theme-${value}`, label: t`Colours: ${name}`, words: t`theme appearance`, run: () => setTheme(value) };
    }),
    { name: "single-keys", label: t`Single-key shortcuts: switch on or off`, words: t`keyboard`, run: switchKeys },
    { name: "lock", label: t`Lock`, words: t`switch user`, shortcut: "Ctrl+L", run: () => void lock().then(takeStatus) },
    { name: "sign-out", label: t`Sign out`, run: () => setLeaving(true) },
    { name: "about", label: t`About Bailiwick`, words: t`version update`, run: () => setAbout(true) },
  ];
  useActions(actions);

  return (
    <div className="frame">
      <a className="skip" href="#main" onClick={(event) => { event.preventDefault(); document.getElementById("main")?.focus(); }}><Trans>Skip to the content</Trans></a>
      <TopBar status={status} onSearch={() => setPalette(true)} onSignOut={() => setLeaving(true)} onAbout={() => setAbout(true)} />
      <nav className="nav" aria-label={t`Main`}>
        <ul>
          {destinations.map((one, index) => (
            <li key={one.place.screen}>
              <a
                href={href(one.place)}
                aria-current={one.place.screen === place.screen ? "page" : undefined}
                aria-keyshortcuts={`Alt+${index + 1}`}
                title={`Alt ${index + 1}`}
                data-testid={`nav-${one.place.screen}`}
              >
                <Icon name={one.icon} />
                <span>{one.label}</span>
                {one.count ? <span className="nav-count"><span className="visually-hidden">, </span>{one.count}<span className="visually-hidden"> <Trans>to look at</Trans></span></span> : null}
              </a>
            </li>
          ))}
        </ul>
      </nav>
      <div className="content">
        {status.emergencies.map((access) => <EmergencyBanner key={access.grant} access={access} />)}
        {status.forgotten && <ForgottenBanner receipt={status.forgotten} />}
        {screenOf(place)}
      </div>
      <StatusLine status={status} />
      <Toasts />
      <Palette isOpen={palette} onClose={() => setPalette(false)} />
      <AboutDialog isOpen={about} onClose={() => setAbout(false)} />
      <SignOutDialog isOpen={leaving} onClose={() => setLeaving(false)} status={status} />
    </div>
  );
}

function switchKeys() {
  setSingleKeys(!singleKeys());
  say(singleKeys() ? t`Single-key shortcuts are on.` : t`Single-key shortcuts are off.`);
}

function destinationsOf(status: Status): Destination[] {
  return [
    { place: { screen: "today", day: null }, label: t`Today`, icon: "today" },
    ...(status.supervises ? [{ place: { screen: "team", day: null } as Place, label: t`Team`, icon: "team" as const }] : []),
    { place: { screen: "sync" }, label: t`Sync`, icon: "sync", count: status.returned + status.to_decide },
    { place: { screen: "access" }, label: t`My access`, icon: "access" },
    ...(status.emergencies.length > 0 ? [{ place: { screen: "emergency", day: null } as Place, label: t`Emergency`, icon: "alert" as const }] : []),
  ];
}

function screenOf(place: Place) {
  switch (place.screen) {
    case "today":
      return <Today day={place.day} />;
    case "week":
      return <Week day={place.day} />;
    case "team":
      return <Team day={place.day} />;
    case "emergency":
      return <Emergency day={place.day} />;
    case "inspection":
      return <Inspection id={place.id} />;
    case "permit":
      return <PermitSheet id={place.id} />;
    case "sync":
      return <SyncCentre />;
    case "access":
      return <Access />;
  }
}
