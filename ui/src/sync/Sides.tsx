// The two values of a field that two people changed, with who and when.

import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import type { Contest } from "../bindings";
import { Data } from "../parts/bits";
import { useTimes } from "../parts/time";
import { valueWords } from "./typed";

/** `mine` says whose the one value is, and of when. */
export function Sides({ contest, mine }: { contest: Contest; mine: string }) {
  const times = useTimes();
  const { theirs_by: name } = contest;
  const field = contest.field.replaceAll("_", " ").replaceAll(".", ", ");
  return (
    <>
      <p className="returned-why"><Trans>Somebody else changed the same thing first: <Data>{field}</Data>.</Trans></p>
      <div className="sides">
        <div><p className="soft small">{mine}</p><p><Data>{valueWords(contest.mine)}</Data></p></div>
        <div><p className="soft small">{name ? <Trans><Data>{name}</Data>’s</Trans> : t`Theirs`}{contest.theirs_at != null && `, ${times.at(contest.theirs_at)}`}</p><p><Data>{valueWords(contest.theirs)}</Data></p></div>
      </div>
    </>
  );
}
