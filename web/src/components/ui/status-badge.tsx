import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { cn } from "@/components/class-names";
import { StatusShape } from "./status-shape";

export type Status = "ok" | "degraded" | "down" | "cooling" | "disabled" | "unknown";

const colours: Record<Status, string> = {
  ok: "text-ok",
  degraded: "text-warn",
  down: "text-err",
  cooling: "text-info",
  disabled: "text-fg-3",
  unknown: "text-fg-3",
};

/** A state as shape, colour and word: each says it alone. */
export function StatusBadge(props: {
  status: Status;
  /** The word for it here; the usual one when left out. */
  word?: ReactNode;
  /** After the word: a reason or a countdown. */
  detail?: ReactNode;
  className?: string;
}) {
  const { t } = useTranslation("common");
  return (
    <span className={cn("inline-flex max-w-full items-center gap-1.5", props.className)}>
      <span
        className={cn(
          // The word stays whole as long as there is a detail to cut.
          "inline-flex min-w-0 items-center gap-1.5 font-medium",
          props.detail !== undefined && "shrink-0",
          colours[props.status],
        )}
      >
        <StatusShape status={props.status} />
        <span className="truncate">{props.word ?? t(`states.${props.status}`)}</span>
      </span>
      {props.detail !== undefined && <span className="num truncate text-fg-2">{props.detail}</span>}
    </span>
  );
}
