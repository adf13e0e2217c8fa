/** Points in time to the microsecond, which `Date` cannot hold. */

/** Microseconds since the epoch of an RFC 3339 time. */
export function microseconds(time: string): number {
  const fraction = /\.(\d+)/.exec(time)?.[1] ?? "";
  const whole = Date.parse(time.replace(/\.\d+/, ""));
  return whole * 1_000 + Number(fraction.slice(0, 6).padEnd(6, "0"));
}

/** Microseconds from one time to another; negative when `to` is earlier. */
export function elapsed(from: string, to: string): number {
  return microseconds(to) - microseconds(from);
}
