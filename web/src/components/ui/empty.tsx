import type { ReactNode } from "react";

import { cn } from "@/components/class-names";

interface Props {
  /** A line icon, 24 px at most. */
  icon?: ReactNode;
  title: ReactNode;
  /** Why there is nothing, in one line. */
  text?: ReactNode;
  /** The one thing to do about it. */
  action?: ReactNode;
  /** It stands in place of a whole page, and its title is the page's. */
  isPage?: boolean;
  className?: string;
}

/** Nothing here: why, and what to do. */
export function Empty({ icon, title, text, action, isPage = false, className }: Props) {
  return (
    <div className={cn("flex flex-col items-center gap-1 px-4 py-12 text-center", className)}>
      {icon && (
        <span aria-hidden="true" className="mb-1 text-fg-3 [&_svg]:size-6 [&_svg]:stroke-[1.5]">
          {icon}
        </span>
      )}
      {isPage ? (
        <h1 className="font-semibold text-xl">{title}</h1>
      ) : (
        <p className="font-medium">{title}</p>
      )}
      {text && <p className="max-w-120 text-fg-2">{text}</p>}
      {action && <div className="mt-3 flex flex-wrap justify-center gap-2">{action}</div>}
    </div>
  );
}
