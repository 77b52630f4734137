// The frame of a screen: its main landmark, its name, its one first-level heading.

import { type ReactNode, useEffect, useRef } from "react";

interface ScreenProps {
  name: string;
  title: string;
  /** Shown in place of the title, where it needs more than words. */
  heading?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
  className?: string;
}

export function Screen({ name, title, heading, actions, children, className }: ScreenProps) {
  const main = useRef<HTMLElement>(null);
  useEffect(() => {
    document.title = `${title} · Bailiwick`;
  }, [title]);
  // A screen that has already put the focus where the work is keeps it there.
  useEffect(() => {
    if (!main.current?.contains(document.activeElement)) main.current?.focus({ preventScroll: true });
  }, [name]);
  return (
    <main id="main" ref={main} data-screen={name} tabIndex={-1} className={`screen ${className ?? ""}`}>
      <div className="screen-head">
        {heading ?? <h1>{title}</h1>}
        {actions && <div className="buttons">{actions}</div>}
      </div>
      {children}
    </main>
  );
}
