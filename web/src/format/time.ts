/** Points in time. The server sends RFC 3339 in UTC; a person reads it in a zone of their choice. */

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** How long ago, within a day: `3 min. ago`. `undefined` for what is older, or yet to come by more than a minute. */
export function formatAgo(time: string, now: number, language: string): string | undefined {
  const age = now - Date.parse(time);
  if (age >= day || age < -minute) return undefined;
  const words = new Intl.RelativeTimeFormat(language, { numeric: "auto", style: "short" });
  if (age < minute) return words.format(-Math.max(0, Math.floor(age / 1_000)), "second");
  if (age < hour) return words.format(-Math.floor(age / minute), "minute");
  return words.format(-Math.floor(age / hour), "hour");
}

/** When the text of `formatAgo` is next to change, in milliseconds. */
export function agoChangesIn(time: string, now: number): number {
  const age = Math.max(0, now - Date.parse(time));
  const step = age < minute ? 1_000 : age < hour ? minute : hour;
  return step - (age % step);
}

/** Day and time to the minute: `24 Nov 2026, 10:29`. `zone` is an IANA name; `undefined` is the browser's. */
export function formatTime(time: string, language: string, zone?: string): string {
  return write(time, language, zone, { dateStyle: "medium", timeStyle: "short" });
}

/** As `formatTime`, without the year where it can only be this or the last one: for narrow columns. */
export function formatRecent(time: string, now: number, language: string, zone?: string): string {
  if (Math.abs(now - Date.parse(time)) > 300 * day) return formatTime(time, language, zone);
  return write(time, language, zone, {
    month: "short",
    day: "numeric",
    hour: "2-digit",
    minute: "2-digit",
  });
}

/** To the second, with the name of the zone: what a tooltip or an export says. */
export function formatTimeInFull(time: string, language: string, zone?: string): string {
  return write(time, language, zone, {
    year: "numeric",
    month: "short",
    day: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    timeZoneName: "short",
  });
}

/** The day alone. */
export function formatDay(time: string, language: string, zone?: string): string {
  return write(time, language, zone, { dateStyle: "medium" });
}

/** The time of day alone, to the second. */
export function formatClock(time: string, language: string, zone?: string): string {
  return write(time, language, zone, { timeStyle: "medium" });
}

function write(
  time: string,
  language: string,
  zone: string | undefined,
  options: Intl.DateTimeFormatOptions,
): string {
  return new Intl.DateTimeFormat(regionOf(language), {
    ...options,
    hourCycle: "h23",
    ...(zone !== undefined && { timeZone: zone }),
  }).format(new Date(time));
}

/** English with the day before the month: unambiguous everywhere. */
const regionOf = (language: string) => (language.startsWith("en") ? "en-GB" : language);
