import { useEffect, useState } from "react";

import { cn } from "@/components/class-names";

const waitMs = 150;

/** The shape of what is to come, shown only when it takes a while. */
export function Skeleton({ className }: { className?: string }) {
  const shown = useAfter(waitMs);
  return (
    <div
      aria-hidden="true"
      className={cn("h-5 rounded-badge", shown && "animate-pulse bg-surface-3", className)}
    />
  );
}

/** Whether that much time has gone by since the first look. */
export function useAfter(milliseconds: number): boolean {
  const [over, setOver] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setOver(true), milliseconds);
    return () => clearTimeout(timer);
  }, [milliseconds]);
  return over;
}
