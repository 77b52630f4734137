// Ctrl K: find a visit or a permit, or do anything that can be done from here.

import { plural, t } from "@lingui/core/macro";
import { type KeyboardEvent, useDeferredValue, useEffect, useState } from "react";
import { useSearch } from "../bridge/queries";
import { useOffered } from "../parts/actions";
import { Keys } from "../parts/Button";
import { Dialog } from "../parts/Dialog";
import { entriesOf, type Entry } from "./entries";

export function Palette({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  return (
    <Dialog title={t`Search`} isOpen={isOpen} onClose={onClose} wide testid="palette">
      <Combobox onClose={onClose} />
    </Dialog>
  );
}

function Combobox({ onClose }: { onClose: () => void }) {
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const deferred = useDeferredValue(text);
  const { data: found, isFetching } = useSearch(deferred);
  const entries = entriesOf(text, deferred.trim().length > 1 ? (found ?? []) : [], useOffered());
  const chosen = entries[Math.min(at, entries.length - 1)];

  useEffect(() => {
    if (chosen) document.getElementById(`option-${chosen.id}`)?.scrollIntoView({ block: "nearest" });
  }, [chosen]);

  const take = (entry: Entry | undefined) => {
    if (!entry || entry.denial) return;
    onClose();
    // The dialog gives the focus back first.
    window.setTimeout(entry.run, 0);
  };
  const press = (event: KeyboardEvent) => {
    const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1 };
    const step = steps[event.key];
    if (step !== undefined) setAt((before) => (Math.min(before, entries.length - 1) + step + entries.length) % entries.length);
    else if (event.key === "Enter") take(chosen);
    else return;
    event.preventDefault();
  };

  return (
    <>
      <input
        type="text"
        role="combobox"
        aria-label={t`Search`}
        aria-expanded="true"
        aria-controls="palette-list"
        aria-autocomplete="list"
        aria-activedescendant={chosen ? `option-${chosen.id}` : undefined}
        // eslint-disable-next-line jsx-a11y/no-autofocus -- It is what the palette is for.
        autoFocus
        spellCheck={false}
        placeholder={t`Address, permit number, establishment or command`}
        data-testid="search"
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setAt(0);
        }}
        onKeyDown={press}
      />
      <ul className="palette-list" id="palette-list" role="listbox" aria-label={t`Results`}>
        {entries.map((entry) => (
          // The keyboard works through the field above, as a combobox does.
          // eslint-disable-next-line jsx-a11y/click-events-have-key-events
          <li
            key={entry.id}
            id={`option-${entry.id}`}
            role="option"
            aria-selected={entry === chosen}
            aria-disabled={entry.denial ? true : undefined}
            tabIndex={-1}
            data-testid={entry.testid}
            onClick={() => take(entry)}
          >
            <span className="palette-words">
              <strong>{entry.label}</strong>
              {entry.detail && <span className="soft small">{entry.detail}</span>}
            </span>
            {entry.shortcut && <Keys of={entry.shortcut} />}
          </li>
        ))}
      </ul>
      <p role="status" className="soft small">
        {entries.length > 0
          ? plural(entries.length, { one: "# result on this laptop", other: "# results on this laptop" })
          : isFetching ? t`Searching this laptop…` : t`Nothing on this laptop matches. Try fewer letters, or part of the permit number.`}
      </p>
    </>
  );
}
