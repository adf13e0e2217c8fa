/** Links in a text, and where they may lead. */

/** A link as it was written, and where the text goes on after it. */
interface Link {
  readonly href: string;
  readonly words: string;
  readonly to: number;
}

/** Where a target leads: to the web or to mail, written in full, or to a page of this site by its path. Anything else
    is no link; what the server answers by itself is no page. */
export function hrefOf(target: string): string | undefined {
  if (isInSite(target)) return target;
  if (!/^(?:https?:\/\/|mailto:)\S/i.test(target)) return undefined;
  return URL.canParse(target) ? new URL(target).href : undefined;
}

/** Whether a target is a path of this site. What a browser would read as another site, or as a call, is none. */
export function isInSite(target: string): boolean {
  return (
    /^\/(?!(?:api|v1|v1beta)(?:\/|$))[\w.~/?#&=%+:-]*$/.test(target) && !target.startsWith("//")
  );
}

/** `[words](https://…)`. What leads nowhere stays as it was written. */
export function linkAt(text: string, at: number): Link | undefined {
  const close = text.indexOf("]", at);
  if (close < 0 || text[close + 1] !== "(") return undefined;
  const end = endOfTarget(text, close + 2);
  if (end < 0) return undefined;
  const inside = text.slice(close + 2, end).trim();
  const [target = ""] = inside.split(/\s/, 1);
  const href = hrefOf(target.replace(/^<|>$/g, ""));
  if (href === undefined) return undefined;
  const words = text.slice(at + 1, close).trim();
  return { href, words: words === "" ? href : words, to: end + 1 };
}

/** Where the bracket around an address closes; addresses have brackets, too. */
function endOfTarget(text: string, from: number): number {
  let open = 0;
  for (let at = from; at < text.length && text[at] !== "\n"; at += 1) {
    if (text[at] === "(") open += 1;
    if (text[at] !== ")") continue;
    if (open === 0) return at;
    open -= 1;
  }
  return -1;
}

const address = /https?:\/\/[\w.~:/?#[\]@!$&()*+,;=%-]+/iy;

/** An address that stands there as it is, without the signs that end a sentence. */
export function addressAt(text: string, at: number): Link | undefined {
  if (/\w/.test(text[at - 1] ?? "")) return undefined;
  address.lastIndex = at;
  const [found = ""] = address.exec(text) ?? [];
  const ends = found.includes("(") ? ".,:;!?]*" : ".,:;!?])*";
  let length = found.length;
  while (length > 0 && ends.includes(found.charAt(length - 1))) length -= 1;
  const words = found.slice(0, length);
  const href = hrefOf(words);
  return href === undefined ? undefined : { href, words, to: at + length };
}
