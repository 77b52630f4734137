import { plural, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { type ChangeEvent, useId, useRef, useState } from "react";
import { addPhoto, problemOf } from "../../bridge";
import { refreshAll, usePhoto } from "../../bridge/queries";
import type { Photo, Sheet } from "../../bindings";
import { Data, ProblemLine, Ruled } from "../../parts/bits";
import { ActionButton } from "../../parts/Button";
import { Dialog } from "../../parts/Dialog";
import { useTimes } from "../../parts/time";
import { say } from "../../parts/toast";
import { offer, offered, sentence } from "../doing";
import { visitOf } from "../words";

const TYPES = "image/jpeg,image/png,image/webp";

export function Photos({ sheet }: { sheet: Sheet }) {
  const file = useRef<HTMLInputElement>(null);
  const [caption, setCaption] = useState("");
  const [problem, setProblem] = useState<string | null>(null);
  const title = useId();
  const photos = visitOf(sheet.row).photos ?? [];
  const affordance = offer(sheet, "add_photo");

  const chosen = async (event: ChangeEvent<HTMLInputElement>) => {
    const files = [...(event.target.files ?? [])];
    event.target.value = "";
    try {
      setProblem(null);
      for (const one of files) await addPhoto({ appointment: sheet.row.id, caption: caption.trim(), base64: await base64(one) });
      if (files.length > 0) say(plural(files.length, { one: "Photo saved on this laptop.", other: "# photos saved on this laptop." }));
      setCaption("");
    } catch (error) {
      setProblem(sentence(problemOf(error)));
    }
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
      {problem && <ProblemLine><Ruled>{problem}</Ruled></ProblemLine>}
      {photos.length > 0 && <ul className="photos">{photos.map((photo) => <Thumbnail key={photo.hash} photo={photo} />)}</ul>}
    </section>
  );
}

function Thumbnail({ photo }: { photo: Photo }) {
  const [open, setOpen] = useState(false);
  const { data } = usePhoto(photo.hash);
  const times = useTimes();
  const { by } = photo;
  const when = times.at(photo.at);
  const words = photo.caption || t`Photo by ${by}, ${when}`;
  const source = data && `data:${data.media_type};base64,${data.base64}`;
  return (
    <li data-testid={`photo-${photo.hash}`} data-pending={!data}>
      {source ? (
        <button type="button" className="thumb" onClick={() => setOpen(true)} aria-label={t`Enlarge: ${words}`}>
          <img src={source} alt="" />
        </button>
      ) : (
        <span className="thumb pending"><Trans>Photo not on this laptop yet</Trans></span>
      )}
      <span className="small"><Data>{words}</Data></span>
      <Dialog title={words} isOpen={open} onClose={() => setOpen(false)} wide>
        {source && <img className="photo-large" src={source} alt={words} />}
        <p className="soft small"><Data>{by}</Data>, {when}</p>
      </Dialog>
    </li>
  );
}

async function base64(file: File): Promise<string> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  let text = "";
  for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(text);
}
