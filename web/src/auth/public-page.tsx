import type { ReactNode } from "react";

import { useDocumentTitle } from "@/shell/document-title";

/** One step before the console: a title, a form, and the ways to the other steps. */
export function PublicPage(props: {
  title: string;
  about?: ReactNode;
  children: ReactNode;
  footer?: ReactNode;
}) {
  useDocumentTitle(props.title);
  return (
    <div className="space-y-5">
      <div>
        <h1 className="font-semibold text-xl">{props.title}</h1>
        {props.about !== undefined && <div className="mt-1 text-fg-2">{props.about}</div>}
      </div>
      {props.children}
      {props.footer !== undefined && (
        <div className="flex flex-wrap justify-between gap-x-4 gap-y-1 border-line border-t pt-3 text-fg-2">
          {props.footer}
        </div>
      )}
    </div>
  );
}

export const linkLook =
  "rounded-badge text-primary underline decoration-line-strong underline-offset-2 hover:decoration-primary";
