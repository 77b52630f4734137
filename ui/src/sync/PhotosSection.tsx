// The photos that wait to be sent: how many, how much, which one is on its way, and what the office did not take.

import { plural, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useState } from "react";
import { hurryPhotos, pausePhotos, problemOf, removePhoto } from "../bridge";
import { refreshAll, takeStatus, usePhotoQueue, useThumbnail } from "../bridge/queries";
import type { PhotoQueue, Status, WaitingPhoto } from "../bindings";
import { Data, Ruled } from "../parts/bits";
import { Button } from "../parts/Button";
import { Dialog } from "../parts/Dialog";
import { PhotoStateChip } from "../parts/PhotoStateChip";
import { href } from "../parts/route";
import { useTimes } from "../parts/time";
import { say, warn } from "../parts/toast";
import { size } from "./HoldingsSection";

async function act(doing: () => Promise<Status>, said: string) {
  try {
    takeStatus(await doing());
    say(said);
  } catch (error) {
    warn(problemOf(error).sentence, "en");
  }
  await refreshAll();
}

export function PhotosSection() {
  const queue = usePhotoQueue();
  if (!queue || (queue.photos.length === 0 && !queue.paused)) return null;
  const failed = queue.photos.some((photo) => photo.state === "later" || photo.state === "refused");
  return (
    <section className="section" aria-labelledby="photos-title" data-testid="photo-queue" data-count={queue.photos.length} data-paused={queue.paused}>
      <h2 id="photos-title"><Trans>Photos to send</Trans></h2>
      <p>{amount(queue)} {queue.paused ? t`Photos are paused; your changes are sent all the same.` : t`Photos go one by one, and hold up nothing else.`}</p>
      <div className="buttons">
        {queue.paused ? (
          <Button tone="primary" icon="play" onPress={() => void act(() => pausePhotos({ paused: false }), t`Photos are sent again.`)} testid="resume-photos"><Trans>Send photos again</Trans></Button>
        ) : (
          <Button icon="clock" onPress={() => void act(() => pausePhotos({ paused: true }), t`Photos are paused.`)} testid="pause-photos"><Trans>Pause photos</Trans></Button>
        )}
        {failed && !queue.paused && <Button icon="repeat" onPress={() => void act(hurryPhotos, t`Trying again.`)} testid="hurry-photos"><Trans>Try again now</Trans></Button>}
      </div>
      <ul className="sync-list">{queue.photos.map((photo) => <Line key={photo.id} photo={photo} isPaused={queue.paused} />)}</ul>
    </section>
  );
}

function amount({ photos }: PhotoQueue): string {
  if (photos.length === 0) return t`No photo waits.`;
  const bytes = size(photos.reduce((sum, photo) => sum + photo.bytes, 0));
  return plural(photos.length, { one: `# photo waits, ${bytes}.`, other: `# photos wait, ${bytes}.` });
}

function Line({ photo, isPaused }: { photo: WaitingPhoto; isPaused: boolean }) {
  const [isAsked, setAsked] = useState(false);
  const { data: small } = useThumbnail(photo.hash, false);
  const times = useTimes();
  const words = photo.caption || t`Photo without a caption`;
  const again = photo.again_at == null ? null : times.at(photo.again_at);
  return (
    <li data-testid={`waiting-photo-${photo.hash}`} data-state={photo.state}>
      {small ? <img className="photo-small" src={`data:${small.media_type};base64,${small.base64}`} alt="" /> : <span className="photo-small" />}
      <div className="sync-what">
        <p><strong><Data>{words}</Data></strong></p>
        <p className="soft small">
          {photo.target_title && <><a href={href({ screen: "inspection", id: photo.target })}><Data>{photo.target_title}</Data></a> · </>}
          {times.at(photo.at)} · {size(photo.bytes)}
        </p>
        {photo.problem && <p className="photo-problem"><Ruled>{photo.problem}</Ruled></p>}
        {again !== null && !isPaused && <p className="soft small"><Trans>It is tried again by itself, next {again}.</Trans></p>}
        {photo.state === "sending" && <Sent photo={photo} />}
      </div>
      <PhotoStateChip waiting={photo} isPaused={isPaused} />
      {photo.state === "refused" && <Button onPress={() => setAsked(true)} label={t`Remove: ${words}`} testid={`remove-photo-${photo.hash}`}><Trans>Remove…</Trans></Button>}
      <Dialog title={t`Remove this photo?`} isOpen={isAsked} onClose={() => setAsked(false)} testid="remove-photo-dialog">
        <p><Trans>It was never sent, so this laptop has the only copy. The visit goes on saying that a photo is missing.</Trans></p>
        <div className="buttons">
          <Button onPress={() => setAsked(false)} autoFocus><Trans>Keep it</Trans></Button>
          <Button tone="danger" onPress={() => void act(() => removePhoto({ id: photo.id }), t`Photo removed.`)} testid="confirm-remove-photo"><Trans>Remove it</Trans></Button>
        </div>
      </Dialog>
    </li>
  );
}

function Sent({ photo }: { photo: WaitingPhoto }) {
  const [done, total] = [size(photo.sent), size(photo.bytes)];
  return (
    <p className="photo-sent small">
      <progress max={photo.bytes} value={photo.sent} aria-label={t`How much of the photo has been sent`} />
      {t`${done} of ${total}`}
    </p>
  );
}
