// Opening a calendar because something has happened: which one, why, and what that means.

import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useState } from "react";
import { useStatus } from "../bridge/queries";
import { type AccessPlace, EMERGENCY_HOURS, type Problem } from "../bindings";
import { CommandForm } from "../commands/CommandForm";
import { perform } from "../commands/doing";
import { Choice, Field } from "../parts/bits";
import { Dialog } from "../parts/Dialog";
import { freshId } from "../parts/fresh";
import { Icon } from "../parts/Icon";

export function EmergencyDialog({ places, onClose }: { places: AccessPlace[]; onClose: () => void }) {
  const only = places.length === 1 ? places[0] : undefined;
  const [calendar, setCalendar] = useState<string | null>(only?.id ?? null);
  const [because, setBecause] = useState("");
  const online = useStatus()?.online ?? false;
  const hours = EMERGENCY_HOURS;
  const give = async () => {
    const problem: Problem = { code: "incomplete", sentence: t`Choose a calendar first.`, denial: null };
    if (!calendar) throw problem;
    const grant = freshId("access");
    const command = { name: "break_glass" as const, input: { grant, calendar, because: because.trim() } };
    return perform(command, t`Emergency access asked for.`, { name: "end_access", input: { grant } });
  };
  return (
    <Dialog title={t`Open a calendar in an emergency`} isOpen onClose={onClose} wide testid="emergency-dialog">
      <CommandForm confirm={t`Open for ${hours} hours`} tone="danger" testid="confirm-emergency" give={give} onDone={onClose} onCancel={onClose}>
        <ul className="plain-facts">
          <li><Trans>You see the visits of that calendar for {hours} hours: where, when, what, and whom to call.</Trans></li>
          <li><Trans>You can only look. Nothing can be changed.</Trans></li>
          <li><Trans>Its supervisors are told at once who opened it, when and why, and they review it.</Trans></li>
          <li><Trans>After that, or when you end it, everything of it is removed from this laptop.</Trans></li>
        </ul>
        {!online && (
          <p className="notice" data-testid="emergency-offline">
            <Icon name="offline" />
            <span><Trans>You are offline. The request waits on this laptop and nothing opens before the office has been reached.</Trans></span>
          </p>
        )}
        <Choice
          legend={t`Which calendar`} value={calendar} onChange={setCalendar}
          options={places.map((place) => ({ value: place.id, label: place.title, testid: `open-${place.id}` }))}
        />
        <Field label={t`What has happened?`} hint={t`At least ten characters. Read by the supervisors of that calendar.`}>
          {(ids) => <textarea {...ids} data-testid="because" value={because} onChange={(event) => setBecause(event.target.value)} />}
        </Field>
      </CommandForm>
    </Dialog>
  );
}
