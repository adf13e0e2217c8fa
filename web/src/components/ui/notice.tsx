import { CircleAlert, CircleCheck, Info, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";

import { cn } from "@/components/class-names";

const looks = {
  info: { icon: Info, classes: "bg-info-soft [&>svg]:text-info" },
  ok: { icon: CircleCheck, classes: "bg-ok-soft [&>svg]:text-ok" },
  warn: { icon: TriangleAlert, classes: "bg-warn-soft [&>svg]:text-warn" },
  err: { icon: CircleAlert, classes: "bg-err-soft [&>svg]:text-err" },
} as const;

interface Props {
  tone: keyof typeof looks;
  heading?: ReactNode;
  /** A button or link at the end of the line. */
  action?: ReactNode;
  className?: string;
  children?: ReactNode;
}

/** Something to know before going on. Where it appears as an answer, put it into a `role="alert"`. */
export function Notice({ tone, heading, action, className, children }: Props) {
  const { icon: Icon, classes } = looks[tone];
  return (
    <div className={cn("flex items-start gap-2 rounded-control px-3 py-2", classes, className)}>
      <Icon aria-hidden="true" className="mt-0.5 size-4 shrink-0 stroke-[1.5]" />
      <div className="min-w-0 flex-1 space-y-1 [overflow-wrap:anywhere]">
        {heading && <p className="font-medium">{heading}</p>}
        {children && <div className="text-fg">{children}</div>}
      </div>
      {action && <div className="-my-1 shrink-0">{action}</div>}
    </div>
  );
}
