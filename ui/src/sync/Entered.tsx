// What somebody entered in a command, line by line.

import { Data } from "../parts/bits";
import { typed } from "./typed";

export function Entered({ title, input }: { title: string; input: unknown }) {
  const lines = typed(input);
  if (lines.length === 0) return null;
  return (
    <div className="typed">
      <p className="soft small">{title}</p>
      <dl className="facts">{lines.map(([name, value]) => <div key={name}><dt>{name}</dt><dd><Data>{value}</Data></dd></div>)}</dl>
    </div>
  );
}
