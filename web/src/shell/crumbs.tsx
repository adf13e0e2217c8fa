import { Link } from "@tanstack/react-router";
import { Fragment, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { entryOf } from "./nav";
import { useNav, usePath } from "./use-nav";

/** Where one is: the console, the entry of its menu, and below it what the path names. */
export function Crumbs() {
  const { t } = useTranslation("shell");
  const path = usePath();
  const { workspaces } = useNav();
  const entry = entryOf(path);
  if (!entry) return null;
  const place = entry.also !== undefined && path.startsWith(entry.also) ? entry.also : entry.path;
  const [below] = path.slice(place.length).split("/").filter(Boolean);
  const name = t(`nav.${entry.key}`);
  const crumbs: ReactNode[] = [];
  const workspace = workspaces.length > 1 ? t(entry.workspace) : undefined;
  if (workspace !== undefined) crumbs.push(<span className="max-sm:sr-only">{workspace}</span>);
  crumbs.push(
    below === undefined ? (
      <span className="truncate">{name}</span>
    ) : (
      <Link to={entry.path} className="shrink-0 rounded-badge hover:text-fg">
        {name}
      </Link>
    ),
  );
  if (below !== undefined) {
    crumbs.push(
      <span data-raw="" data-private="" className="min-w-0 truncate text-fg">
        {decoded(below)}
      </span>,
    );
  }
  return (
    <p className="flex min-w-0 items-center gap-1.5 text-fg-2">
      {crumbs.map((crumb, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the place is what a crumb is
        <Fragment key={at}>
          {at > 0 && (
            <span
              aria-hidden="true"
              className={`text-fg-3 ${at === 1 && workspace !== undefined ? "max-sm:hidden" : ""}`}
            >
              /
            </span>
          )}
          {crumb}
        </Fragment>
      ))}
    </p>
  );
}

/** A part of a path as it was before it was put there; a broken one stays as it is. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
