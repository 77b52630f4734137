// Actions that are not done every day, behind one button. One that cannot be done now stays, and says why.

import { Trans } from "@lingui/react/macro";
import { useState } from "react";
import { Button as AriaButton, Menu, MenuItem, MenuTrigger, Popover } from "react-aria-components";
import type { Action } from "./actions";
import { Ruled } from "./bits";
import { DenialDialog } from "./Denial";
import { Icon, type IconName } from "./Icon";

interface ActionMenuProps {
  /** What the actions are about, for those who hear it: "More for this visit". */
  label: string;
  /** What is written on the button; with only an icon, nothing. */
  text?: string;
  icon?: IconName;
  actions: Action[];
  testid: string;
}

export function ActionMenu({ label, text, icon = "more", actions, testid }: ActionMenuProps) {
  const [asked, setAsked] = useState<Action | null>(null);
  if (actions.length === 0) return null;
  const pick = (name: string) => {
    const action = actions.find((one) => one.name === name);
    if (action?.denial) setAsked(action);
    else action?.run();
  };
  return (
    <>
      <MenuTrigger>
        <AriaButton className={`button${text ? "" : " quiet"}`} aria-label={label} data-testid={testid}>
          {text}
          <Icon name={icon} />
        </AriaButton>
        <Popover className="popover" placement={text ? "bottom end" : "bottom start"}>
          <Menu className="menu action-menu" aria-label={label} onAction={(key) => pick(String(key))}>
            {actions.map((action) => (
              <MenuItem
                key={action.name}
                id={action.name}
                textValue={action.label}
                className="menu-item action-item"
                data-testid={`menu-${action.name}`}
                data-command={action.name}
                data-denied={action.denial ? true : undefined}
              >
                <span className="action-label">{action.label}</span>
                {action.denial && <span className="action-why"> <Trans>Not now: <Ruled>{action.denial.sentence}</Ruled></Trans></span>}
                {!action.denial && action.asksOffice && <span className="action-why"> <Trans>The office decides this when you are back online.</Trans></span>}
              </MenuItem>
            ))}
          </Menu>
        </Popover>
      </MenuTrigger>
      {asked?.denial && <DenialDialog denial={asked.denial} title={asked.label.replace("…", "")} isOpen onClose={() => setAsked(null)} />}
    </>
  );
}
