// The frame round every screen: where one can go, who one is, and one status line that never moves.

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
import { Inspection } from "../inspections/visit/Inspection";
import { PermitSheet } from "../inspections/permit/PermitSheet";
import { Team } from "../inspections/team/Team";
import { Today } from "../inspections/today/Today";
import { Week } from "../inspections/week/Week";
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
  const destinations = destinationsOf(status);

  const actions: Action[] = [
    { name: "search", label: "Search", shortcut: "Ctrl+K", run: () => setPalette(true), hidden: true },
    { name: "search-slash", label: "Search", shortcut: "/", run: () => setPalette(true), hidden: true },
    ...destinations.map((one, index) => ({
      name: `go-${one.place.screen}`, label: one.label, shortcut: `Alt+${index + 1}`, run: () => go(one.place),
    })),
    ...(place.screen === "week" ? [] : [{ name: "go-week", label: "Week", words: "my visits seven days", run: () => go({ screen: "week", day: null }) }]),
    ...THEMES.map(({ value, label }) => ({ name: `theme-${value}`, label: `Colours: ${label}`, words: "theme appearance", run: () => setTheme(value) })),
    { name: "single-keys", label: "Single-key shortcuts: switch on or off", words: "keyboard", run: switchKeys },
    { name: "lock", label: "Lock", words: "switch user", shortcut: "Ctrl+L", run: () => void lock().then(takeStatus) },
    { name: "sign-out", label: "Sign out", run: () => setLeaving(true) },
  ];
  useActions(actions);

  return (
    <div className="frame">
      <a className="skip" href="#main" onClick={(event) => { event.preventDefault(); document.getElementById("main")?.focus(); }}>Skip to the content</a>
      <TopBar status={status} onSearch={() => setPalette(true)} onSignOut={() => setLeaving(true)} />
      <nav className="nav" aria-label="Main">
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
                {one.count ? <span className="nav-count"><span className="visually-hidden">, </span>{one.count}<span className="visually-hidden"> to look at</span></span> : null}
              </a>
            </li>
          ))}
        </ul>
      </nav>
      <div className="content">
        {status.forgotten && <ForgottenBanner receipt={status.forgotten} />}
        {screenOf(place)}
      </div>
      <StatusLine status={status} />
      <Toasts />
      <Palette isOpen={palette} onClose={() => setPalette(false)} />
      <SignOutDialog isOpen={leaving} onClose={() => setLeaving(false)} status={status} />
    </div>
  );
}

function switchKeys() {
  setSingleKeys(!singleKeys());
  say(singleKeys() ? "Single-key shortcuts are on." : "Single-key shortcuts are off.");
}

function destinationsOf(status: Status): Destination[] {
  return [
    { place: { screen: "today", day: null }, label: "Today", icon: "today" },
    ...(status.supervises ? [{ place: { screen: "team", day: null } as Place, label: "Team", icon: "team" as const }] : []),
    { place: { screen: "sync" }, label: "Sync", icon: "sync", count: status.returned },
    { place: { screen: "access" }, label: "My access", icon: "access" },
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
