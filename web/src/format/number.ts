/** Counts, shares and sizes. */

const steps = [
  { from: 1e9, letter: "B" },
  { from: 1e6, letter: "M" },
  { from: 1e3, letter: "k" },
] as const;

/** Three figures and a letter from a thousand up: `812`, `12.4k`, `3.10M`. */
export function formatCount(count: number): string {
  const sign = count < 0 ? "-" : "";
  const size = Math.abs(count);
  if (size < 999.5) return sign + String(Math.round(size));
  for (const [at, { from, letter }] of steps.entries()) {
    if (size < from * 0.9995) continue;
    const value = size / from;
    const digits = value < 9.995 ? 2 : value < 99.95 ? 1 : 0;
    const text = value.toFixed(digits);
    const above = steps[at - 1];
    if (text === "1000" && above) return `${sign}1.00${above.letter}`;
    return sign + text + letter;
  }
  return sign + String(Math.round(size));
}

/** Every figure: `12,437`. */
export function formatExact(count: number, language: string): string {
  return new Intl.NumberFormat(language, { maximumFractionDigits: 3 }).format(count);
}

/** A share from 0 to 1 as a percentage: `99.2 %` is not `100 %`, and a little is never `0 %`. */
export function formatShare(share: number, language: string): string {
  const percent = share * 100;
  const near = (edge: number) => percent !== edge && Math.abs(percent - edge) < 0.05;
  if (near(0)) return `<${percentOf(0.001, 1, language)}`;
  if (near(100) && percent < 100) return `>${percentOf(0.999, 1, language)}`;
  const digits = Number.isInteger(percent) || percent >= 1_000 ? 0 : 1;
  return percentOf(share, digits, language);
}

/** Bytes in steps of 1024: `512 B`, `4.0 KiB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1_024) return `${bytes} B`;
  let value = bytes;
  for (const unit of ["KiB", "MiB", "GiB", "TiB"]) {
    value /= 1_024;
    if (value < 1_023.95 || unit === "TiB")
      return `${value.toFixed(value < 99.95 ? 1 : 0)} ${unit}`;
  }
  return `${bytes} B`;
}

function percentOf(share: number, digits: number, language: string): string {
  return new Intl.NumberFormat(language, {
    style: "percent",
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(share);
}
