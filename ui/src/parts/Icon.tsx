// Line icons, drawn here. They never stand alone: a word or a label is always with them.

const PATHS = {
  today: "M4 6h16v14H4zM4 10h16M8 3v4M16 3v4",
  team: "M9 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM3 20c0-4 3-6 6-6s6 2 6 6M16 5.5a3 3 0 0 1 0 5.5M17.5 14.4c2 .7 3.5 2.6 3.5 5.6",
  sync: "M4 12a8 8 0 0 1 13.7-5.6L20 9M20 4v5h-5M20 12a8 8 0 0 1-13.7 5.6L4 15M4 20v-5h5",
  access: "M12 3l7 3v5c0 5-3 8-7 10-4-2-7-5-7-10V6zM9 12l2.2 2.2L15.5 10",
  search: "M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM16 16l5 5",
  lock: "M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3",
  person: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.5 21c0-4.5 3.5-7 7.5-7s7.5 2.5 7.5 7",
  check: "M4.5 12.5l5 5L20 7",
  cross: "M6 6l12 12M18 6L6 18",
  close: "M6 6l12 12M18 6L6 18",
  minus: "M5 12h14",
  alert: "M12 4l9 16H3zM12 10v4.5M12 17.3v.2",
  clock: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7v5l3.5 2",
  play: "M8 5.5l10 6.5-10 6.5z",
  phone: "M6 3h4l1.5 5L9 9.5a12 12 0 0 0 5.5 5.5L16 12.5l5 1.5v4a3 3 0 0 1-3 3C10.5 21 3 13.5 3 6a3 3 0 0 1 3-3z",
  route: "M12 21s-6.5-6-6.5-11a6.5 6.5 0 0 1 13 0c0 5-6.5 11-6.5 11zM12 12.500a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5z",
  left: "M15 5l-7 7 7 7",
  right: "M9 5l7 7-7 7",
  camera: "M4 8h4l2-3h4l2 3h4v11H4zM12 16.500a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7z",
  note: "M5 4h14v16H5zM8.5 9h7M8.5 13h7M8.5 17h4",
  swap: "M4 8h14M14 4l4 4-4 4M20 16H6M10 12l-4 4 4 4",
  send: "M12 19V5M6 11l6-6 6 6",
  circle: "M12 20a8 8 0 1 0 0-16 8 8 0 0 0 0 16z",
  half: "M12 20a8 8 0 1 0 0-16 8 8 0 0 0 0 16zM12 8v4l2.5 2.5",
  absent: "M10 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM3 21c0-4.5 3-7 7-7 1.5 0 2.9.4 4 1M16 16l5 5M21 16l-5 5",
  repeat: "M4 12a8 8 0 0 1 13.7-5.600L20 9M20 4v5h-5",
  theme: "M12 20a8 8 0 1 0 0-16 8 8 0 0 0 0 16zM12 4a12 8 0 0 1 0 16z",
  more: "M5 11a1 1 0 1 0 0 2 1 1 0 0 0 0-2zM12 11a1 1 0 1 0 0 2 1 1 0 0 0 0-2zM19 11a1 1 0 1 0 0 2 1 1 0 0 0 0-2z",
  news: "M6 17h12l-1.600-2.200V11a4.400 4.400 0 0 0-8.800 0v3.800zM10 20a2.200 2.200 0 0 0 4 0M12 4v2.600",
  down: "M5 9l7 7 7-7",
  online: "M12 19.500v-.2M8.5 15.500a5 5 0 0 1 7 0M5.5 12a9.5 9.5 0 0 1 13 0M2.5 8.500a14 14 0 0 1 19 0",
  offline: "M12 19.500v-.2M8.5 15.500a5 5 0 0 1 7 0M3 3l18 18M5.5 12a9.5 9.5 0 0 1 4-2.400M2.5 8.500c1.2-1.1 2.6-2 4-2.600M14 9.300a9.5 9.5 0 0 1 4.5 2.700M12 5c3.5 0 7 1.2 9.5 3.5",
} as const;

/** They point along the line, so they turn where lines run the other way. */
const TURNS = new Set<string>(["left", "right"]);

export type IconName = keyof typeof PATHS;

export function Icon({ name }: { name: IconName }) {
  return (
    <svg className={TURNS.has(name) ? "icon turns" : "icon"} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}
