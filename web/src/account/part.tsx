import type { ReactNode } from "react";

/** One matter of a section: its name and state on the left, what can be done below or beside. */
export function Part(props: {
  title: string;
  about?: ReactNode;
  state?: ReactNode;
  actions?: ReactNode;
  children?: ReactNode;
}) {
  return (
    <section aria-label={props.title} className="space-y-3">
      <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2">
        <div className="min-w-0">
          <div className="flex flex-wrap items-center gap-x-3">
            <h3 className="font-semibold">{props.title}</h3>
            {props.state}
          </div>
          {props.about !== undefined && <p className="max-w-140 text-fg-2">{props.about}</p>}
        </div>
        {props.actions !== undefined && <div className="flex gap-2">{props.actions}</div>}
      </div>
      {props.children}
    </section>
  );
}
