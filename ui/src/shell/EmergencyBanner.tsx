// That a calendar is open in an emergency: seen on every screen for as long as it is.

import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import type { EmergencyAccess } from "../bindings";
import { performOrWarn } from "../commands/doing";
import { Data } from "../parts/bits";
import { Button } from "../parts/Button";
import { Icon } from "../parts/Icon";
import { href } from "../parts/route";
import { useTimes } from "../parts/time";

export function EmergencyBanner({ access }: { access: EmergencyAccess }) {
  const times = useTimes();
  const until = times.at(access.until);
  return (
    <aside className="notice emergency-open" aria-label={t`Emergency access`} data-testid="emergency-open" data-grant={access.grant}>
      <Icon name="alert" />
      <p role="status">
        <Trans><strong>Emergency access to <Data>{access.title}</Data></strong> until {until}. You can look at its visits and change nothing.</Trans>
        {access.is_ending && <> <Trans>It ends as soon as the office has been reached.</Trans></>}
      </p>
      <div className="buttons">
        <a className="button" href={href({ screen: "emergency", day: null })} data-testid="emergency-visits"><Trans>Show its visits</Trans></a>
        {!access.is_ending && <Button
          testid="end-access"
          onPress={() => void performOrWarn({ name: "end_access", input: { grant: access.grant } }, t`The emergency access ends.`)}
        >
          <Trans>End it now</Trans>
        </Button>}
      </div>
    </aside>
  );
}
