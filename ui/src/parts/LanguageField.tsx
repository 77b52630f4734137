// The choice of language, where there is no menu to hold it. Each language is called what it calls itself.

import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useId } from "react";
import { type Language, setLanguage, setLanguageBeforehand, useLanguage } from "./language";

export const LANGUAGES: { value: Language; own?: string }[] = [
  { value: "system" }, { value: "en", own: "English" }, { value: "es", own: "Español" },
];

export const languageName = (own?: string) => own ?? t`As the computer`;

/** Where somebody signs in it is theirs to choose, whoever was here before. */
export function LanguageField({ signingIn }: { signingIn: boolean }) {
  const chosen = useLanguage();
  const choose = signingIn ? setLanguageBeforehand : setLanguage;
  const id = useId();
  return (
    <div className="language-field">
      <label htmlFor={id}><Trans>Language</Trans></label>
      <select id={id} data-testid="language" value={chosen} onChange={(event) => choose(event.target.value as Language)}>
        {LANGUAGES.map(({ value, own }) => <option key={value} value={value} lang={own ? value : undefined} translate={own ? "no" : undefined}>{languageName(own)}</option>)}
      </select>
    </div>
  );
}
