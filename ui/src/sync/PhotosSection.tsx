// The photos that wait to be sent: how many, how much, which one is on its way, and what the office did not take.

import { useState } from "react";
import { hurryPhotos, pausePhotos, problemOf, removePhoto } from "../bridge";
import { refreshAll, takeStatus, usePhotoQueue, useThumbnail } from "../bridge/queries";
import type { PhotoQueue, Status, WaitingPhoto } from "../bindings";
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
    warn(problemOf(error).sentence);
  }
  await refreshAll();
}

export function PhotosSection() {
  const queue = usePhotoQueue();
  if (!queue || (queue.photos.length === 0 && !queue.paused)) return null;
  const failed = queue.photos.some((photo) => photo.state === "later" || photo.state === "refused");
  return (
    <section className="section" aria-labelledby="photos-title" data-testid="photo-queue" data-count={queue.photos.length} data-paused={queue.paused}>
      <h2 id="photos-title">Photos to send</h2>
      <p>{amount(queue)} {queue.paused ? "Photos are paused; your changes are sent all the same." : "Photos go one by one, and hold up nothing else."}</p>
      <div className="buttons">
        {queue.paused ? (
          <Button tone="primary" icon="play" onPress={() => void act(() => pausePhotos({ paused: false }), "Photos are sent again.")} testid="resume-photos">Send photos again</Button>
        ) : (
          <Button icon="clock" onPress={() => void act(() => pausePhotos({ paused: true }), "Photos are paused.")} testid="pause-photos">Pause photos</Button>
        )}
        {failed && !queue.paused && <Button icon="repeat" onPress={() => void act(hurryPhotos, "Trying again.")} testid="hurry-photos">Try again now</Button>}
      </div>
      <ul className="sync-list">{queue.photos.map((photo) => <Line key={photo.id} photo={photo} isPaused={queue.paused} />)}</ul>
    </section>
  );
}

function amount({ photos }: PhotoQueue): string {
  if (photos.length === 0) return "No photo waits.";
  const bytes = photos.reduce((sum, photo) => sum + photo.bytes, 0);
  return `${photos.length === 1 ? "1 photo waits" : `${photos.length} photos wait`}, ${size(bytes)}.`;
}

function Line({ photo, isPaused }: { photo: WaitingPhoto; isPaused: boolean }) {
  const [isAsked, setAsked] = useState(false);
  const { data: small } = useThumbnail(photo.hash, false);
  const times = useTimes();
  const words = photo.caption || "Photo without a caption";
  return (
    <li data-testid={`waiting-photo-${photo.hash}`} data-state={photo.state}>
      {small ? <img className="photo-small" src={`data:${small.media_type};base64,${small.base64}`} alt="" /> : <span className="photo-small" />}
      <div className="sync-what">
        <p><strong>{words}</strong></p>
        <p className="soft small">
          {photo.target_title && <><a href={href({ screen: "inspection", id: photo.target })}>{photo.target_title}</a> · </>}
          {times.at(photo.at)} · {size(photo.bytes)}
        </p>
        {photo.problem && <p className="photo-problem">{photo.problem}</p>}
        {photo.again_at != null && !isPaused && <p className="soft small">It is tried again by itself, next {times.at(photo.again_at)}.</p>}
        {photo.state === "sending" && <Sent photo={photo} />}
      </div>
      <PhotoStateChip waiting={photo} isPaused={isPaused} />
      {photo.state === "refused" && <Button onPress={() => setAsked(true)} label={`Remove: ${words}`} testid={`remove-photo-${photo.hash}`}>Remove…</Button>}
      <Dialog title="Remove this photo?" isOpen={isAsked} onClose={() => setAsked(false)} testid="remove-photo-dialog">
        <p>It was never sent, so this laptop has the only copy. The visit goes on saying that a photo is missing.</p>
        <div className="buttons">
          <Button onPress={() => setAsked(false)} autoFocus>Keep it</Button>
          <Button tone="danger" onPress={() => void act(() => removePhoto({ id: photo.id }), "Photo removed.")} testid="confirm-remove-photo">Remove it</Button>
        </div>
      </Dialog>
    </li>
  );
}

function Sent({ photo }: { photo: WaitingPhoto }) {
  return (
    <p className="photo-sent small">
      <progress max={photo.bytes} value={photo.sent} aria-label="How much of the photo has been sent" />
      {size(photo.sent)} of {size(photo.bytes)}
    </p>
  );
}
