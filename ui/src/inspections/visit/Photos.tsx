import { plural, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { type ChangeEvent, useId, useRef, useState } from "react";
import { addPhoto, problemOf } from "../../bridge";
import { refreshAll, usePhotoQueue } from "../../bridge/queries";
import type { Sheet } from "../../bindings";
import { Data, ProblemLine, Ruled } from "../../parts/bits";
import { ActionButton } from "../../parts/Button";
import { say } from "../../parts/toast";
import { offer, offered, sentence } from "../../commands/doing";
import { visitOf } from "../words";
import { PhotoCard } from "./PhotoCard";

const TYPES = "image/jpeg,image/png,image/webp";
/** No more of a file is read than it takes to say that it is too large. */
const READ_MAX = 8 * 1024 * 1024 + 1;

/** A file that was not kept, and why. */
interface Failed {
  name: string;
  problem: string;
}

export function Photos({ sheet }: { sheet: Sheet }) {
  const file = useRef<HTMLInputElement>(null);
  const [caption, setCaption] = useState("");
  const [failed, setFailed] = useState<Failed[]>([]);
  const queue = usePhotoQueue();
  const title = useId();
  const photos = visitOf(sheet.row).photos ?? [];
  const affordance = offer(sheet, "add_photo");

  const chosen = async (event: ChangeEvent<HTMLInputElement>) => {
    const files = [...(event.target.files ?? [])];
    event.target.value = "";
    const refused: Failed[] = [];
    setFailed(refused);
    for (const one of files) {
      try {
        await addPhoto({ appointment: sheet.row.id, caption: caption.trim(), base64: await base64(one) });
      } catch (error) {
        refused.push({ name: one.name, problem: sentence(problemOf(error)) });
      }
    }
    const saved = files.length - refused.length;
    if (saved > 0) say(plural(saved, { one: "Photo saved on this laptop.", other: "# photos saved on this laptop." }));
    if (refused.length === 0) setCaption("");
    setFailed(refused);
    await refreshAll();
  };

  if (!affordance && photos.length === 0) return null;
  return (
    <section className="section" aria-labelledby={title}>
      <h2 id={title}><Trans>Photos</Trans> {photos.length > 0 && <span className="soft small">{photos.length}</span>}</h2>
      {affordance && (
        <div className="photo-form">
          <input type="text" aria-label={t`Caption of the next photo`} placeholder={t`Caption (optional)`} value={caption} readOnly={!affordance.allowed} onChange={(event) => setCaption(event.target.value)} />
          <input ref={file} className="visually-hidden" type="file" accept={TYPES} multiple aria-label={t`Photo files`} tabIndex={-1} data-testid="photo-file" onChange={(event) => void chosen(event)} />
          <ActionButton action={{ name: "add_photo", label: t`Add photo`, ...offered(affordance), run: () => file.current?.click() }} icon="camera" testid="add-photo" />
        </div>
      )}
      {failed.length > 0 && <ProblemLine>{failed.map(({ name, problem }, at) => <p key={at}><Data>{name}</Data>: <Ruled>{problem}</Ruled></p>)}</ProblemLine>}
      {photos.length > 0 && (
        <ul className="photos">
          {photos.map((photo) => (
            <PhotoCard
              key={photo.hash}
              photo={photo}
              waiting={queue?.photos.find((one) => one.target === sheet.row.id && one.hash === photo.hash)}
              isPaused={queue?.paused ?? false}
            />
          ))}
        </ul>
      )}
    </section>
  );
}

async function base64(file: File): Promise<string> {
  const bytes = new Uint8Array(await file.slice(0, READ_MAX).arrayBuffer());
  let text = "";
  for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(text);
}
