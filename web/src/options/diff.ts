/** What differs between two texts, line by line. */

export interface Line {
  readonly text: string;
  /** Whether the other side has no such line. */
  readonly changed: boolean;
}

export interface Sides {
  readonly before: readonly Line[];
  readonly after: readonly Line[];
}

/** So many pairs of lines are compared; of more, all between the first and the last difference count as changed. */
const mostPairs = 250_000;

/** JSON with a line for each part, so that parts can be compared; another text as it is. */
export function spread(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

export function diff(before: string, after: string): Sides {
  const [left, right] = [before.split("\n"), after.split("\n")];
  const most = Math.min(left.length, right.length);
  let head = 0;
  while (head < most && left[head] === right[head]) head += 1;
  let tail = 0;
  while (tail < most - head && left.at(-1 - tail) === right.at(-1 - tail)) tail += 1;
  const middle = (lines: readonly string[]) => lines.slice(head, lines.length - tail);
  const [stayLeft, stayRight] = common(middle(left), middle(right));
  const marked = (lines: readonly string[], stays: ReadonlySet<number>) =>
    lines.map((text, at) => ({
      text,
      changed: at >= head && at < lines.length - tail && !stays.has(at - head),
    }));
  return { before: marked(left, stayLeft), after: marked(right, stayRight) };
}

/** The places of the lines of a longest common sequence, on each side. */
function common(left: readonly string[], right: readonly string[]): [Set<number>, Set<number>] {
  const stays: [Set<number>, Set<number>] = [new Set(), new Set()];
  if (left.length * right.length > mostPairs) return stays;
  const width = right.length + 1;
  const longest = new Uint32Array((left.length + 1) * width);
  const at = (row: number, column: number) => longest[row * width + column] ?? 0;
  for (let row = left.length - 1; row >= 0; row -= 1) {
    for (let column = right.length - 1; column >= 0; column -= 1) {
      longest[row * width + column] =
        left[row] === right[column]
          ? at(row + 1, column + 1) + 1
          : Math.max(at(row + 1, column), at(row, column + 1));
    }
  }
  let [row, column] = [0, 0];
  while (row < left.length && column < right.length) {
    if (left[row] === right[column]) {
      stays[0].add(row++);
      stays[1].add(column++);
    } else if (at(row + 1, column) >= at(row, column + 1)) row += 1;
    else column += 1;
  }
  return stays;
}
