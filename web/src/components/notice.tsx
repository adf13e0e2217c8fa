import type { ReactNode } from "react";

/** Something to know before going on. */
export function Notice(props: {
  tone: "info" | "warn" | "err";
  heading?: string;
  children: ReactNode;
}) {
  const colour = { info: "border-l-info", warn: "border-l-warn", err: "border-l-err" }[props.tone];
  return (
    <div className={`rounded-control border border-line border-l-4 bg-surface px-3 py-2 ${colour}`}>
      {props.heading && <p className="font-semibold">{props.heading}</p>}
      <div className="text-fg-2">{props.children}</div>
    </div>
  );
}
