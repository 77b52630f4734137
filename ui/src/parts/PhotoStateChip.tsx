// Where a photo stands on its way to the office, in a word and a sign.

import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import type { WaitingPhoto } from "../bindings";
import { Chip } from "./bits";

export function PhotoStateChip({ waiting, isPaused }: { waiting: WaitingPhoto; isPaused: boolean }) {
  switch (waiting.state) {
    case "refused":
      return <Chip icon="alert" tone="bad"><Trans>Not taken</Trans></Chip>;
    case "sending":
      return <Chip icon="sync" tone="accent"><Trans>Sending</Trans></Chip>;
    case "later":
      return <Chip icon="repeat" tone="attention">{isPaused ? t`Paused` : t`Tried again later`}</Chip>;
    default:
      return <Chip icon="clock">{isPaused ? t`Paused` : t`Waiting to send`}</Chip>;
  }
}
