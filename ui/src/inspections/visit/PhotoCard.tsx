// One photo of a visit: a small picture, and where its bytes are. The whole picture is asked for when it is opened.

import { useState } from "react";
import { problemOf } from "../../bridge";
import { usePhoto, useStatus, useThumbnail } from "../../bridge/queries";
import type { Photo, PhotoBytes, WaitingPhoto } from "../../bindings";
import { ProblemLine } from "../../parts/bits";
import { Dialog } from "../../parts/Dialog";
import { PhotoStateChip } from "../../parts/PhotoStateChip";
import { href } from "../../parts/route";
import { useTimes } from "../../parts/time";

interface PhotoCardProps {
  photo: Photo;
  /** Where its bytes still wait on this laptop. */
  waiting: WaitingPhoto | undefined;
  isPaused: boolean;
}

export function PhotoCard({ photo, waiting, isPaused }: PhotoCardProps) {
  const [isOpen, setOpen] = useState(false);
  const small = useThumbnail(photo.hash, !photo.pending);
  const times = useTimes();
  const words = photo.caption || `Photo by ${photo.by}, ${times.at(photo.at)}`;
  return (
    <li data-testid={`photo-${photo.hash}`} data-pending={photo.pending ?? false} data-shown={small.data != null} data-state={waiting?.state ?? "none"}>
      {small.data ? (
        <button type="button" className="thumb" onClick={() => setOpen(true)} aria-label={`Enlarge: ${words}`}>
          <img src={source(small.data)} alt="" />
        </button>
      ) : (
        <NotHere photo={photo} isAsking={small.isFetching} />
      )}
      {waiting && <PhotoStateChip waiting={waiting} isPaused={isPaused} />}
      <span className="small">{words}</span>
      {waiting?.problem && (
        <span className="small photo-problem">{waiting.problem} <a href={href({ screen: "sync" })}>See the sync page</a></span>
      )}
      <Dialog title={words} isOpen={isOpen} onClose={() => setOpen(false)} wide testid="photo-dialog">
        <Whole photo={photo} small={small.data ?? null} isOpen={isOpen} words={words} />
        <p className="soft small">{photo.by}, {times.at(photo.at)}</p>
      </Dialog>
    </li>
  );
}

function NotHere({ photo, isAsking }: { photo: Photo; isAsking: boolean }) {
  const status = useStatus();
  if (photo.pending) return <span className="thumb absent">Photo not here yet: waiting on {photo.by}’s laptop</span>;
  if (isAsking) return <span className="thumb absent" role="status">Fetching…</span>;
  return <span className="thumb absent">{status?.online ? "The office could not show this photo just now" : "Not on this laptop. It is shown when there is a connection"}</span>;
}

function Whole({ photo, small, isOpen, words }: { photo: Photo; small: PhotoBytes | null; isOpen: boolean; words: string }) {
  const whole = usePhoto(photo.hash, isOpen);
  const shown = whole.data ?? small;
  return (
    <>
      {shown && <img className={whole.data ? "photo-large" : "photo-large small-only"} src={source(shown)} alt={words} data-whole={whole.data != null} />}
      {whole.isFetching && <p className="soft" role="status">Fetching the whole photo…</p>}
      {!whole.isFetching && !whole.data && (
        <ProblemLine>{whole.isError ? problemOf(whole.error).sentence : "Only the small picture is here: the whole photo is not at the office yet."}</ProblemLine>
      )}
    </>
  );
}

const source = (bytes: PhotoBytes) => `data:${bytes.media_type};base64,${bytes.base64}`;
