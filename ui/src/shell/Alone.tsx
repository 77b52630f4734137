// A page of its own, for the moments when there is nothing else to see.

import { type ReactNode, useEffect } from "react";
import { LanguageField } from "../parts/LanguageField";

export function Alone({ screen, title, children }: { screen: string; title: string; children: ReactNode }) {
  useEffect(() => {
    document.title = `${title} · Bailiwick`;
  }, [title]);
  return (
    <div className="alone">
      <header className="alone-brand"><Mark /><span translate="no">Bailiwick</span></header>
      <main data-screen={screen} className="alone-main">
        <h1>{title}</h1>
        {children}
        <LanguageField signingIn={screen === "sign-in"} />
      </main>
    </div>
  );
}

export function Mark() {
  return (
    <svg className="mark" viewBox="0 0 24 24" aria-hidden="true">
      <path d="M12 2l8 3.500v6c0 5-3.500 8.500-8 10.500-4.500-2-8-5.500-8-10.500v-6z" />
      <path className="mark-line" d="M8 12.300l3 3 5-6" />
    </svg>
  );
}
