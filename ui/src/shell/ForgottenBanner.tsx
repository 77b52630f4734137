import { plural, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { seenReceipt } from "../bridge";
import { takeStatus } from "../bridge/queries";
import type { Receipt } from "../bindings";
import { Ruled } from "../parts/bits";
import { Button } from "../parts/Button";
import { Icon } from "../parts/Icon";
import { href } from "../parts/route";

export function ForgottenBanner({ receipt }: { receipt: Receipt }) {
  const records = plural(receipt.records, { one: "# record", other: "# records" });
  return (
    <aside className="notice forgotten" aria-label={t`Removed from this laptop`} data-testid="forgotten">
      <Icon name="alert" />
      <p role="status">
        <Trans><strong>Removed from this laptop:</strong> <Ruled>{receipt.titles.join(", ")}</Ruled> ({records}). Your role no longer covers them.</Trans>{" "}
        <a href={href({ screen: "sync" })}><Trans>Why?</Trans></a>
      </p>
      <Button onPress={() => void seenReceipt().then(takeStatus)} testid="seen-receipt"><Trans>Understood</Trans></Button>
    </aside>
  );
}
