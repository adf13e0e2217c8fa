import { useNavigate } from "@tanstack/react-router";

import { printRange, type Range } from "@/filter/range";
import { useMe } from "@/session/use-me";

/** Opens the calls of a stretch of time; `undefined` where there is no list of calls. */
export function useOpenRange(): ((range: Range) => void) | undefined {
  const navigate = useNavigate();
  const { features } = useMe();
  if (!features.usage) return undefined;
  return (range) => void navigate({ to: "/usage", search: { t: printRange(range) } });
}
