/** US dollars as decimal strings, exact from the server to the pixel: no binary fractions on the way. */

/** What the server counts in: billionths of a dollar. */
const nanoDigits = 9;
const nanoPerUsd = 10n ** BigInt(nanoDigits);

/** The billionths of a dollar in a decimal string; further digits are cut off. */
export function nanoOf(usd: string): bigint {
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(usd.trim());
  if (!match) throw new RangeError(`not a decimal number: ${usd}`);
  const [, sign, whole = "0", fraction = ""] = match;
  const nano =
    BigInt(whole) * nanoPerUsd + BigInt(fraction.slice(0, nanoDigits).padEnd(nanoDigits, "0"));
  return sign === "-" ? -nano : nano;
}

/** The decimal string of billionths of a dollar, without zeros at the end. */
export function usdOf(nano: bigint): string {
  const size = nano < 0n ? -nano : nano;
  const fraction = String(size % nanoPerUsd)
    .padStart(nanoDigits, "0")
    .replace(/0+$/, "");
  return `${nano < 0n ? "-" : ""}${size / nanoPerUsd}${fraction && `.${fraction}`}`;
}

/** The sum of amounts. */
export function addUsd(...amounts: readonly string[]): string {
  return usdOf(amounts.reduce((sum, amount) => sum + nanoOf(amount), 0n));
}

/** Which of two amounts is larger: negative, zero or positive, as `Array.sort` wants it. */
export function compareUsd(left: string, right: string): number {
  const difference = nanoOf(left) - nanoOf(right);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/** Two decimals from a dollar up, four below, six below a cent. `$0.00` is nothing at all; less than can be shown is `<$0.000001`. */
export function formatUsd(usd: string, language: string): string {
  const nano = nanoOf(usd);
  const size = nano < 0n ? -nano : nano;
  if (size > 0n && size < 1_000n) {
    return `${nano < 0n ? ">-" : "<"}${dollars("0.000001", 6, 6, language)}`;
  }
  const digits = size === 0n || size >= nanoPerUsd ? 2 : size >= nanoPerUsd / 100n ? 4 : 6;
  return dollars(usdOf(nano), digits, digits, language);
}

/** Every digit there is, two decimals at least. */
export function formatUsdInFull(usd: string, language: string): string {
  return dollars(usdOf(nanoOf(usd)), 2, nanoDigits, language);
}

function dollars(usd: string, least: number, most: number, language: string): string {
  return new Intl.NumberFormat(language, {
    style: "currency",
    currency: "USD",
    currencyDisplay: "narrowSymbol",
    minimumFractionDigits: least,
    maximumFractionDigits: most,
  }).format(usd as Intl.StringNumericLiteral);
}
