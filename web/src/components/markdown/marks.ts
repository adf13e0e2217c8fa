/** The signs around strong and stressed words and around code: which open something, and where that ends. */

/** The same sign as often as it stands there. */
export function runAt(text: string, at: number): string {
  let to = at;
  while (to < text.length && text[to] === text[at]) to += 1;
  return text.slice(at, to);
}

/** Where a run of just this length comes next. */
export function endOfCode(text: string, run: string, from: number): number {
  let at = text.indexOf(run, from);
  while (at >= 0) {
    const found = runAt(text, at);
    if (found.length === run.length) return at;
    at = text.indexOf(run, at + found.length);
  }
  return -1;
}

const isBlank = (sign: string | undefined) => sign === undefined || /\s/.test(sign);
const isWord = (sign: string | undefined) => sign !== undefined && /\w/.test(sign);

/** Whether a run opens something. `_` within a word is part of it: names of things have it. */
export function opens(text: string, at: number, run: string): boolean {
  if (run.length > 3 || isBlank(text[at + run.length])) return false;
  return !run.startsWith("_") || !isWord(text[at - 1]);
}

/** Where a mark ends: of a longer run its last signs, so that what is inside ends before it. */
export function endOfMark(text: string, mark: string, from: number): number {
  const sign = mark.charAt(0);
  let at = text.indexOf(sign, from);
  while (at >= 0) {
    const run = runAt(text, at);
    const fits = mark.length === 2 ? run.length >= 2 : run.length !== 2;
    const closes = !isBlank(text[at - 1]) && text[at - 1] !== "\\";
    const isFree = sign !== "_" || !isWord(text[at + run.length]);
    if (fits && closes && isFree) return at + run.length - mark.length;
    at = text.indexOf(sign, at + run.length);
  }
  return -1;
}
