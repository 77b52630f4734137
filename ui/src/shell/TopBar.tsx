import type { MessageDescriptor } from "@lingui/core";
import { i18n } from "@lingui/core";
import { msg, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useState } from "react";
import { Button as AriaButton, Menu, MenuItem, MenuTrigger, Popover, Separator } from "react-aria-components";
import { lock } from "../bridge";
import { takeStatus } from "../bridge/queries";
import type { Status } from "../bindings";
import { setSingleKeys, singleKeys } from "../parts/actions";
import { Data, Ruled } from "../parts/bits";
import { Keys } from "../parts/Button";
import { Icon } from "../parts/Icon";
import { type Language, setLanguage, useLanguage } from "../parts/language";
import { LANGUAGES, languageName } from "../parts/LanguageField";
import { setTheme, type Theme, useTheme } from "../parts/theme";
import { Mark } from "./Alone";

interface TopBarProps {
  status: Status;
  onSearch: () => void;
  onSignOut: () => void;
  onAbout: () => void;
}

export const THEMES: { value: Theme; label: MessageDescriptor }[] = [
  { value: "system", label: msg`Same as the system` },
  { value: "light", label: msg`Light` },
  { value: "dark", label: msg`Dark` },
  { value: "contrast", label: msg`High contrast` },
];

/** What the entries of the menu that choose a language begin with. */
const SPEAK = "speak-";

export function TopBar({ status, onSearch, onSignOut, onAbout }: TopBarProps) {
  const theme = useTheme();
  const language = useLanguage();
  const [keys, setKeys] = useState(singleKeys);
  const pick = (key: string) => {
    if (key === "lock" || key === "switch") void lock().then(takeStatus);
    else if (key === "sign-out") onSignOut();
    else if (key === "about") onAbout();
    else if (key === "keys") {
      setSingleKeys(!keys);
      setKeys(!keys);
    } else if (key.startsWith(SPEAK)) setLanguage(key.slice(SPEAK.length) as Language);
    else setTheme(key as Theme);
  };
  return (
    <header className="top">
      <span className="brand"><Mark /><span translate="no">Bailiwick</span></span>
      <button type="button" className="top-search" onClick={onSearch} data-testid="open-search" aria-keyshortcuts="Control+K">
        <Icon name="search" /><span><Trans>Search address, permit or establishment</Trans></span><Keys of="Ctrl+K" />
      </button>
      <button type="button" className="top-button" onClick={() => void lock().then(takeStatus)} data-testid="lock" aria-keyshortcuts="Control+L">
        <Icon name="lock" /><Trans>Lock</Trans>
      </button>
      {/* The palette switches the keys too, so they are asked for again. */}
      <MenuTrigger onOpenChange={() => setKeys(singleKeys())}>
        <AriaButton className="top-button who" data-testid="user-menu">
          <Icon name="person" />
          <span className="who-words">
            <span data-testid="person-name"><Data>{status.name ?? status.username}</Data></span>
            <span className="who-roles">{status.roles ? <Ruled>{status.roles}</Ruled> : <Trans>No role yet</Trans>}</span>
          </span>
        </AriaButton>
        <Popover className="popover" placement="bottom end">
          <Menu className="menu" aria-label={t`You and this window`} onAction={(key) => pick(String(key))}>
            {THEMES.map(({ value, label }) => {
              const name = i18n._(label);
              return <Chosen key={value} id={value} words={t`Colours: ${name}`} chosen={theme === value} testid={`theme-${value}`} />;
            })}
            <Separator className="menu-line" />
            {LANGUAGES.map(({ value, own }) => {
              const name = languageName(own);
              return <Chosen key={value} id={`${SPEAK}${value}`} words={t`Language: ${name}`} chosen={language === value} testid={`language-${value}`} />;
            })}
            <Separator className="menu-line" />
            <Chosen id="keys" words={keys ? t`Single-key shortcuts on` : t`Single-key shortcuts off`} chosen={keys} />
            <MenuItem id="about" className="menu-item" textValue={t`About Bailiwick`} data-testid="about"><span className="menu-tick" /><Trans>About Bailiwick…</Trans></MenuItem>
            <MenuItem id="switch" className="menu-item" textValue={t`Switch user`} data-testid="switch-user"><span className="menu-tick" /><Trans>Switch user</Trans></MenuItem>
            <MenuItem id="sign-out" className="menu-item" textValue={t`Sign out`} data-testid="sign-out"><span className="menu-tick" /><Trans>Sign out…</Trans></MenuItem>
          </Menu>
        </Popover>
      </MenuTrigger>
    </header>
  );
}

interface ChosenProps {
  id: string;
  words: string;
  chosen: boolean;
  testid?: string;
}

function Chosen({ id, words, chosen, testid }: ChosenProps) {
  return (
    <MenuItem id={id} textValue={words} className="menu-item" data-testid={testid}>
      <span className="menu-tick">{chosen ? "✓" : ""}</span>{words}
      {chosen && <span className="visually-hidden"> <Trans>(chosen)</Trans></span>}
    </MenuItem>
  );
}
