import { CircleHelp } from "lucide-react";
import type { ReactNode } from "react";

import { Popover, PopoverContent, PopoverTrigger } from "./popover";

/** An explanation behind a question mark: opens on a press, so a finger reaches it too. */
export function InfoTip({ label, children }: { label: string; children: ReactNode }) {
  return (
    <Popover>
      <PopoverTrigger
        aria-label={label}
        className="inline-flex size-6 items-center justify-center rounded-full text-fg-3 hover:text-fg"
      >
        <CircleHelp aria-hidden="true" className="size-4 stroke-[1.5]" />
      </PopoverTrigger>
      <PopoverContent aria-label={label} className="max-w-80 text-fg-2 text-sm">
        {children}
      </PopoverContent>
    </Popover>
  );
}
