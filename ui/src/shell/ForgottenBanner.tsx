import { seenReceipt } from "../bridge";
import { takeStatus } from "../bridge/queries";
import type { Receipt } from "../bindings";
import { Button } from "../parts/Button";
import { Icon } from "../parts/Icon";
import { href } from "../parts/route";

export function ForgottenBanner({ receipt }: { receipt: Receipt }) {
  const records = receipt.records === 1 ? "1 record" : `${receipt.records.toLocaleString("en")} records`;
  return (
    <aside className="notice forgotten" aria-label="Removed from this laptop" data-testid="forgotten">
      <Icon name="alert" />
      <p role="status">
        <strong>Removed from this laptop:</strong> {receipt.titles.join(", ")} ({records}). Your role no longer covers them.{" "}
        <a href={href({ screen: "sync" })}>Why?</a>
      </p>
      <Button onPress={() => void seenReceipt().then(takeStatus)} testid="seen-receipt">Understood</Button>
    </aside>
  );
}
