/** Price multipliers in parts per million, as the server counts them: whole numbers, never fractions of a computer. */

const places = 6;
const one = 10n ** BigInt(places);

/** The parts per million in a decimal text; `undefined` if it is none. */
export function ppmOf(text: string): bigint | undefined {
  const match = /^(\d{1,9})(?:\.(\d{1,6}))?$/.exec(text.trim());
  if (!match) return undefined;
  const [, whole = "0", fraction = ""] = match;
  return BigInt(whole) * one + BigInt(fraction.padEnd(places, "0"));
}

/** The decimal text of parts per million, without zeros at the end: `1.2`. */
export function textOf(ppm: bigint): string {
  const fraction = String(ppm % one)
    .padStart(places, "0")
    .replace(/0+$/, "");
  return `${ppm / one}${fraction && `.${fraction}`}`;
}

/** One after the other, cut off after six places at each step. */
export const productOf = (above: bigint, below: bigint): bigint => (above * below) / one;

/** As people write it, without what says nothing: `1.200000` is `1.2`. What is no multiplier stays as it is. */
export function plain(text = "1"): string {
  const ppm = ppmOf(text);
  return ppm === undefined ? text : textOf(ppm);
}
