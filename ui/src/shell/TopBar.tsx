import { useState } from "react";
import { Button as AriaButton, Menu, MenuItem, MenuTrigger, Popover, Separator } from "react-aria-components";
import { lock } from "../bridge";
import { takeStatus } from "../bridge/queries";
import type { Status } from "../bindings";
import { setSingleKeys, singleKeys } from "../parts/actions";
import { Keys } from "../parts/Button";
import { Icon } from "../parts/Icon";
import { setTheme, type Theme, useTheme } from "../parts/theme";
import { Mark } from "./Alone";

interface TopBarProps {
  status: Status;
  onSearch: () => void;
  onSignOut: () => void;
}

export const THEMES: { value: Theme; label: string }[] = [
  { value: "system", label: "Same as the system" },
  { value: "light", label: "Light" },
  { value: "dark", label: "Dark" },
];

export function TopBar({ status, onSearch, onSignOut }: TopBarProps) {
  const theme = useTheme();
  const [keys, setKeys] = useState(singleKeys);
  const pick = (key: string) => {
    if (key === "lock" || key === "switch") void lock().then(takeStatus);
    else if (key === "sign-out") onSignOut();
    else if (key === "keys") {
      setSingleKeys(!keys);
      setKeys(!keys);
    } else setTheme(key as Theme);
  };
  return (
    <header className="top">
      <span className="brand"><Mark />Bailiwick</span>
      <button type="button" className="top-search" onClick={onSearch} data-testid="open-search" aria-keyshortcuts="Control+K">
        <Icon name="search" /><span>Search address, permit or establishment</span><Keys of="Ctrl+K" />
      </button>
      <button type="button" className="top-button" onClick={() => void lock().then(takeStatus)} data-testid="lock" aria-keyshortcuts="Control+L">
        <Icon name="lock" />Lock
      </button>
      {/* The palette switches the keys too, so they are asked for again. */}
      <MenuTrigger onOpenChange={() => setKeys(singleKeys())}>
        <AriaButton className="top-button who" data-testid="user-menu">
          <Icon name="person" />
          <span className="who-words">
            <span data-testid="person-name">{status.name ?? status.username}</span>
            <span className="who-roles">{status.roles || "No role yet"}</span>
          </span>
        </AriaButton>
        <Popover className="popover" placement="bottom end">
          <Menu className="menu" aria-label="You and this window" onAction={(key) => pick(String(key))}>
            {THEMES.map((one) => (
              <MenuItem key={one.value} id={one.value} textValue={`Colours: ${one.label}`} className="menu-item" data-testid={`theme-${one.value}`}>
                <span className="menu-tick">{theme === one.value ? "✓" : ""}</span>Colours: {one.label}
                {theme === one.value && <span className="visually-hidden"> (chosen)</span>}
              </MenuItem>
            ))}
            <MenuItem id="keys" className="menu-item" textValue="Single-key shortcuts">
              <span className="menu-tick">{keys ? "✓" : ""}</span>Single-key shortcuts {keys ? "on" : "off"}
            </MenuItem>
            <Separator className="menu-line" />
            <MenuItem id="switch" className="menu-item" textValue="Switch user" data-testid="switch-user"><span className="menu-tick" />Switch user</MenuItem>
            <MenuItem id="sign-out" className="menu-item" textValue="Sign out" data-testid="sign-out"><span className="menu-tick" />Sign out…</MenuItem>
          </Menu>
        </Popover>
      </MenuTrigger>
    </header>
  );
}
