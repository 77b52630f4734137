// Where a photo stands on its way to the office, in a word and a sign.

import type { WaitingPhoto } from "../bindings";
import { Chip } from "./bits";

export function PhotoStateChip({ waiting, isPaused }: { waiting: WaitingPhoto; isPaused: boolean }) {
  switch (waiting.state) {
    case "refused":
      return <Chip icon="alert" tone="bad">Not taken</Chip>;
    case "sending":
      return <Chip icon="sync" tone="accent">Sending</Chip>;
    case "later":
      return <Chip icon="repeat" tone="attention">{isPaused ? "Paused" : "Tried again later"}</Chip>;
    default:
      return <Chip icon="clock">{isPaused ? "Paused" : "Waiting to send"}</Chip>;
  }
}
