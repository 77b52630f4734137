// Dragging a bar onto another inspector's line. A shortcut for a mouse: everything it does, R does too.

import { type PointerEvent, useRef, useState } from "react";

const STARTS_AFTER_PX = 8;

export function useDrop(onDrop: (id: string, to: string) => void) {
  const [dragging, setDragging] = useState<{ id: string; over: string | null } | null>(null);
  const drop = useRef(onDrop);
  drop.current = onDrop;

  const start = (event: PointerEvent, id: string) => {
    if (event.button !== 0 || event.pointerType === "touch") return;
    const bar = event.currentTarget as HTMLElement;
    const home = personAt(event.clientX, event.clientY);
    const from = { x: event.clientX, y: event.clientY };
    let moving = false;
    let over: string | null = null;

    const move = (moved: globalThis.PointerEvent) => {
      if (!moving && Math.hypot(moved.clientX - from.x, moved.clientY - from.y) < STARTS_AFTER_PX) return;
      moving = true;
      bar.style.transform = `translate(${moved.clientX - from.x}px, ${moved.clientY - from.y}px)`;
      bar.style.pointerEvents = "none";
      over = personAt(moved.clientX, moved.clientY);
      setDragging({ id, over });
    };
    const end = (ended: Event) => {
      window.removeEventListener("pointermove", move);
      window.removeEventListener("pointerup", end);
      window.removeEventListener("pointercancel", end);
      bar.style.transform = "";
      bar.style.pointerEvents = "";
      setDragging(null);
      if (moving && over && over !== home && ended.type === "pointerup") drop.current(id, over);
    };
    window.addEventListener("pointermove", move);
    window.addEventListener("pointerup", end);
    window.addEventListener("pointercancel", end);
  };
  return { dragging, start };
}

function personAt(x: number, y: number): string | null {
  return document.elementFromPoint(x, y)?.closest<HTMLElement>("[data-person]")?.dataset.person || null;
}
