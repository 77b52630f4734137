// The two values of a field that two people changed, with who, when, and the photos each of them took.

import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import type { ReactNode } from "react";
import { useThumbnail } from "../bridge/queries";
import type { Contest, Photo } from "../bindings";
import { Data } from "../parts/bits";
import { useTimes } from "../parts/time";
import { valueWords } from "./typed";

interface SidesProps {
  contest: Contest;
  /** Whose the one value is, and of when. */
  mine: string;
  /** What both changed, where its name says too little. */
  what?: string;
  photosOfMine?: Photo[];
  photosOfTheirs?: Photo[];
}

export function Sides({ contest, mine, what, photosOfMine = [], photosOfTheirs = [] }: SidesProps) {
  const times = useTimes();
  const { theirs_by: name } = contest;
  const field = what ?? contest.field.replaceAll("_", " ").replaceAll(".", ", ");
  const theirs = <>{name ? <Trans><Data>{name}</Data>’s</Trans> : t`Theirs`}{contest.theirs_at != null && `, ${times.at(contest.theirs_at)}`}</>;
  return (
    <>
      <p className="returned-why"><Trans>Two people changed the same thing: <Data>{field}</Data>.</Trans></p>
      <div className="sides">
        <Side title={mine} value={contest.mine} photos={photosOfMine} />
        <Side title={theirs} value={contest.theirs} photos={photosOfTheirs} />
      </div>
    </>
  );
}

function Side({ title, value, photos }: { title: ReactNode; value: unknown; photos: Photo[] }) {
  return (
    <div>
      <p className="soft small">{title}</p>
      <p><Data>{valueWords(value)}</Data></p>
      {photos.length > 0 && <div className="side-photos">{photos.map((photo) => <Small key={photo.hash} hash={photo.hash} caption={photo.caption} />)}</div>}
    </div>
  );
}

/** A photo made small; words where it cannot be shown. */
export function Small({ hash, caption }: { hash: string; caption: string }) {
  const { data: small } = useThumbnail(hash, true);
  const alt = caption || t`Photo without a caption`;
  return small ? <img className="photo-small" src={`data:${small.media_type};base64,${small.base64}`} alt={alt} /> : <p className="soft small"><Trans>The photo has not arrived yet, or cannot be shown without a connection.</Trans></p>;
}
