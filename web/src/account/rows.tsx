import type { ReactNode } from "react";

/** A short list of things, each with what is known of it and one action. */
export function Rows({ label, children }: { label: string; children: ReactNode }) {
  return (
    <ul
      aria-label={label}
      className="divide-y divide-line rounded-panel border border-line bg-surface"
    >
      {children}
    </ul>
  );
}

export function Row(props: { title: ReactNode; details: ReactNode[]; action?: ReactNode }) {
  return (
    <li className="flex items-center gap-3 px-3 py-2">
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-center gap-x-2 font-medium [overflow-wrap:anywhere]">
          {props.title}
        </p>
        <p className="flex flex-wrap gap-x-3 text-fg-2 text-sm [&>*]:[overflow-wrap:anywhere]">
          {props.details}
        </p>
      </div>
      {props.action !== undefined && <div className="shrink-0">{props.action}</div>}
    </li>
  );
}
