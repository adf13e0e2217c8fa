/** Items of lists: where one begins, and which lines belong to it. */

/** How an item begins. */
export interface Head {
  /** How far its lines are moved in. */
  readonly width: number;
  /** Left out where the list has no numbers. */
  readonly number: number | undefined;
}

const item = /^ {0,3}([-*+]|\d{1,9}[.)])(?: +|$)/;

/** The item that a line begins; `undefined`: it begins none. */
export function headOf(line: string): Head | undefined {
  const [all, mark = ""] = item.exec(line) ?? [];
  if (all === undefined) return undefined;
  return {
    width: all.endsWith(" ") ? all.length : all.length + 1,
    number: /^\d/.test(mark) ? Number.parseInt(mark, 10) : undefined,
  };
}

/** The lines of an item as they stand inside it, and the line after it. `begins` tells what no paragraph goes on with. */
export function itemAt(
  lines: readonly string[],
  at: number,
  { width }: Head,
  begins: (line: string) => boolean,
): { inside: string[]; to: number } {
  const inside = [(lines[at] ?? "").slice(width)];
  let to = at + 1;
  for (let next = to; next < lines.length; next += 1) {
    const line = lines[next] ?? "";
    if (line.trim() === "") continue;
    const own = movedIn(line, width);
    const goesOn = next === to && !begins(line) && headOf(line) === undefined;
    if (own === undefined && !goesOn) break;
    // Blank lines belong to it where something of it comes after them.
    inside.push(...lines.slice(to, next).map(() => ""), own ?? line);
    to = next + 1;
  }
  return { inside, to };
}

function movedIn(line: string, width: number): string | undefined {
  if (line.startsWith("\t")) return line.slice(1);
  return line.slice(0, width).trim() === "" ? line.slice(width) : undefined;
}
