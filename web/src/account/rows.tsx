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
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1 px-3 py-2">
      <div className="min-w-[min(100%,13rem)] flex-1">
        <p className="flex flex-wrap items-center gap-x-2 font-medium [overflow-wrap:anywhere]">
          {props.title}
        </p>
        <p className="flex flex-wrap gap-x-3 text-fg-2 text-sm [&>*]:[overflow-wrap:anywhere]">
          {props.details}
        </p>
      </div>
      {props.action !== undefined && (
        <div className="ml-auto max-w-full shrink-0">{props.action}</div>
      )}
    </li>
  );
}
