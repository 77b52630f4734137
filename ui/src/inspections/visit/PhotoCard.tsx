// One photo of a visit: a small picture, and where its bytes are. The whole picture is asked for when it is opened.

import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useState } from "react";
import { problemOf } from "../../bridge";
import { usePhoto, useStatus, useThumbnail } from "../../bridge/queries";
import type { Photo, PhotoBytes, WaitingPhoto } from "../../bindings";
import { Data, ProblemLine, Ruled } from "../../parts/bits";
import { Button } from "../../parts/Button";
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
  const [by, when] = [photo.by, times.at(photo.at)];
  const words = photo.caption || t`Photo by ${by}, ${when}`;
  return (
    <li data-testid={`photo-${photo.hash}`} data-pending={photo.pending ?? false} data-shown={small.data != null} data-state={waiting?.state ?? "none"}>
      {small.data ? (
        <button type="button" className="thumb" onClick={() => setOpen(true)} aria-label={t`Enlarge: ${words}`}>
          <img src={source(small.data)} alt="" />
        </button>
      ) : (
        <NotHere photo={photo} isAsking={small.isFetching} />
      )}
      {waiting && <PhotoStateChip waiting={waiting} isPaused={isPaused} />}
      <span className="small"><Data>{words}</Data></span>
      {waiting?.problem && (
        <span className="small photo-problem"><Ruled>{waiting.problem}</Ruled> <a href={href({ screen: "sync" })}><Trans>See the sync page</Trans></a></span>
      )}
      <Dialog title={words} isOpen={isOpen} onClose={() => setOpen(false)} wide testid="photo-dialog">
        <Whole photo={photo} small={small.data ?? null} isOpen={isOpen} words={words} />
        <p className="soft small"><Data>{by}</Data>, {when}</p>
        <div className="buttons end">
          <Button tone="primary" onPress={() => setOpen(false)} autoFocus><Trans>Close</Trans></Button>
        </div>
      </Dialog>
    </li>
  );
}

function NotHere({ photo, isAsking }: { photo: Photo; isAsking: boolean }) {
  const status = useStatus();
  const { by } = photo;
  if (photo.pending) return <span className="thumb absent"><span><Trans>Photo not here yet: waiting on <Data>{by}</Data>’s laptop</Trans></span></span>;
  if (isAsking) return <span className="thumb absent" role="status"><Trans>Fetching…</Trans></span>;
  return <span className="thumb absent">{status?.online ? t`The office could not show this photo just now` : t`Not on this laptop. It is shown when there is a connection`}</span>;
}

function Whole({ photo, small, isOpen, words }: { photo: Photo; small: PhotoBytes | null; isOpen: boolean; words: string }) {
  const whole = usePhoto(photo.hash, isOpen);
  const shown = whole.data ?? small;
  return (
    <>
      {shown && <img className={whole.data ? "photo-large" : "photo-large small-only"} src={source(shown)} alt={words} data-whole={whole.data != null} />}
      {whole.isFetching && <p className="soft" role="status"><Trans>Fetching the whole photo…</Trans></p>}
      {!whole.isFetching && !whole.data && (
        <ProblemLine>{whole.isError ? <Ruled>{problemOf(whole.error).sentence}</Ruled> : <Trans>Only the small picture is here: the whole photo is not at the office yet.</Trans>}</ProblemLine>
      )}
    </>
  );
}

const source = (bytes: PhotoBytes) => `data:${bytes.media_type};base64,${bytes.base64}`;
