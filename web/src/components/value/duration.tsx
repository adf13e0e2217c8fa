import { formatDuration } from "@/format/duration";
import { Missing } from "./missing";

/** A span of time from microseconds. */
export function Duration({
  us,
  missing,
}: {
  us: number | undefined;
  missing?: string | undefined;
}) {
  if (us === undefined) return <Missing {...(missing !== undefined && { reason: missing })} />;
  return <span className="num whitespace-nowrap">{formatDuration(us)}</span>;
}
