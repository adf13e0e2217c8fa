import { Link } from "@tanstack/react-router";
import { Fragment, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { useCrumbOf } from "./crumb";
import { entryOf, type NavEntry } from "./nav";
import { useNav, usePath } from "./use-nav";

/** Where one is: the console, the entry of its menu, and below it what the path names, by its name if it has one. */
export function Crumbs() {
  const { t } = useTranslation("shell");
  const path = usePath();
  const { workspaces } = useNav();
  const entry = entryOf(path);
  const below = entry && partBelow(entry, path);
  const named = useCrumbOf(below);
  if (!entry) return null;
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
      <span data-raw="" data-private="" lang={named?.lang} className="min-w-0 truncate text-fg">
        {named?.name ?? below}
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

/** What a path names below an entry of the menu. */
function partBelow({ also, path: own }: NavEntry, path: string): string | undefined {
  const place = also !== undefined && path.startsWith(also) ? also : own;
  const [below] = path.slice(place.length).split("/").filter(Boolean);
  return below === undefined ? undefined : decoded(below);
}

/** A part of a path as it was before it was put there; a broken one stays as it is. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
