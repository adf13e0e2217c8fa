import type { ReactNode } from "react";

import { ApiProblem, asProblem } from "@/api/problem";
import type { PublicPageKey } from "@/api/types";
import { useBootstrap } from "@/session/use-me";
import { ErrorPage } from "@/shell/error-page";
import { isOpen } from "./pages";

/** A page that anyone may open; where the site does not have it, the words for that. */
export function OpenPage({ page, children }: { page: PublicPageKey; children: ReactNode }) {
  const site = useBootstrap();
  return isOpen(site, page) ? (
    children
  ) : (
    <ErrorPage error={new ApiProblem({ code: "feature_off" })} />
  );
}

/** Whether the page was switched off since the site was asked what it has. */
export const isGone = (error: unknown): boolean =>
  error !== undefined && asProblem(error).status === 404;
