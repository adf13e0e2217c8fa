import type { ReactNode } from "react";

import { cn } from "@/components/class-names";
import { useDocumentTitle } from "./document-title";

interface PageProps {
  /** The one `h1`, also the title of the browser's tab. */
  title: string;
  /** The title is the name of a person or an upstream. */
  isPrivate?: boolean;
  /** The title is what somebody wrote, in whatever language. */
  isRaw?: boolean;
  /** The language of the title, where it may be another than the page's. */
  lang?: string | undefined;
  /** One line below it, where the title does not say enough. */
  about?: ReactNode;
  /** Beside the title: a state, a count. */
  aside?: ReactNode;
  /** The one primary action, and at most a few others before it. */
  actions?: ReactNode;
  /** Tables may be wide, forms are narrower, prose and steps narrower still. */
  width?: "table" | "form" | "prose";
  children: ReactNode;
}

const widths = { table: "max-w-400", form: "max-w-240", prose: "max-w-180" };

/** A page: its head, and below it what it is about. */
export function Page({ width = "table", ...props }: PageProps) {
  useDocumentTitle(props.title);
  return (
    <div className={cn("mx-auto w-full space-y-6", widths[width])}>
      <header className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2">
        <div className="min-w-0">
          <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
            <h1
              lang={props.lang}
              {...(props.isPrivate && { "data-private": "" })}
              {...(props.isRaw && { "data-raw": "" })}
              className="min-w-0 font-semibold text-xl [overflow-wrap:anywhere]"
            >
              {props.title}
            </h1>
            {props.aside}
          </div>
          {props.about !== undefined && <p className="mt-1 max-w-180 text-fg-2">{props.about}</p>}
        </div>
        {props.actions !== undefined && (
          <div className="flex flex-wrap items-center gap-2">{props.actions}</div>
        )}
      </header>
      {props.children}
    </div>
  );
}

/** A part of a page: a heading and a hairline, no box. */
export function Section(props: {
  title: string;
  about?: ReactNode;
  actions?: ReactNode;
  id?: string;
  children: ReactNode;
}) {
  const id = props.id;
  return (
    <section aria-label={props.title} {...(id !== undefined && { id })} className="space-y-4">
      <div className="flex flex-wrap items-end justify-between gap-x-4 gap-y-2 border-line border-b pb-2">
        <div className="min-w-0">
          <h2 className="font-semibold text-lg">{props.title}</h2>
          {props.about !== undefined && <p className="max-w-180 text-fg-2">{props.about}</p>}
        </div>
        {props.actions}
      </div>
      {props.children}
    </section>
  );
}
