/** Day and time as a form has them, `2026-03-29T03:00`, in a zone: an IANA name, or `undefined` for the browser's. */

/** What the clock on the wall shows at an instant. */
export function wallOf(instant: string, zone?: string): string {
  const parts = new Intl.DateTimeFormat("en-GB", {
    ...(zone !== undefined && { timeZone: zone }),
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
  }).formatToParts(new Date(instant));
  const part = (type: Intl.DateTimeFormatPartTypes) =>
    parts.find((one) => one.type === type)?.value ?? "00";
  const year = part("year").padStart(4, "0");
  return `${year}-${part("month")}-${part("day")}T${part("hour")}:${part("minute")}`;
}

/**
 * The instant at which the clock shows that, RFC 3339 in UTC; `undefined` if it is no day and time. Of an hour that comes
 * twice the first, of one that is left out the one after it.
 */
export function instantOf(wall: string, zone?: string): string | undefined {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d$/.test(wall)) return undefined;
  const asUtc = Date.parse(`${wall}Z`);
  if (Number.isNaN(asUtc)) return undefined;
  const offsetAt = (at: number) =>
    Date.parse(`${wallOf(new Date(at).toISOString(), zone)}Z`) - Math.floor(at / 60_000) * 60_000;
  // The offsets of the day before and the day after are all that the clock can have.
  const offsets = [offsetAt(asUtc - dayMs), offsetAt(asUtc + dayMs)];
  const fits = offsets.map((offset) => asUtc - offset).filter((at) => at + offsetAt(at) === asUtc);
  const instant = fits.length > 0 ? Math.min(...fits) : asUtc - Math.min(...offsets);
  return new Date(instant).toISOString();
}

const dayMs = 86_400_000;

/** The name of the zone times are told in. */
export function zoneName(zone: string | undefined): string {
  return zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
}
