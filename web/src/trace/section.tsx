import { type ReactNode, useId } from "react";

import { cn } from "@/components/class-names";

/** A part of the page with its heading. */
export function Section(props: { title: string; aside?: ReactNode; children: ReactNode }) {
  const id = useId();
  return (
    <section aria-labelledby={id} className="min-w-0 space-y-3">
      <div className="flex min-h-7 flex-wrap items-center justify-between gap-2">
        <h2 id={id} className="font-semibold text-lg">
          {props.title}
        </h2>
        {props.aside}
      </div>
      {props.children}
    </section>
  );
}

/** Names and values, two by two unless they are sentences. What has no value is left out. */
export function Facts(props: {
  items: readonly (readonly [string, ReactNode])[];
  isOneColumn?: boolean;
}) {
  const { items, isOneColumn = false } = props;
  return (
    <dl className={cn("grid gap-x-6 gap-y-1", !isOneColumn && "sm:grid-cols-2")}>
      {items
        .filter(([, value]) => value !== undefined && value !== "")
        .map(([name, value]) => (
          <div key={name} className="flex min-w-0 gap-3">
            <dt className="w-32 shrink-0 text-fg-2">{name}</dt>
            <dd className="min-w-0 [overflow-wrap:anywhere]">{value}</dd>
          </div>
        ))}
    </dl>
  );
}
