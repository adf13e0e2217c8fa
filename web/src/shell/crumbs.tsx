import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { entryOf } from "./nav";
import { usePath } from "./use-nav";

/** Where one is: the entry of the menu, and below it what the path names. */
export function Crumbs() {
  const { t } = useTranslation("shell");
  const path = usePath();
  const entry = entryOf(path);
  if (!entry) return null;
  const below = path.slice(entry.path.length).split("/").filter(Boolean);
  const name = t(`nav.${entry.key}`);
  if (below.length === 0) {
    return <p className="truncate text-fg-2">{name}</p>;
  }
  return (
    <p className="flex min-w-0 items-center gap-1.5 text-fg-2">
      <Link to={entry.path} className="shrink-0 rounded-badge hover:text-fg">
        {name}
      </Link>
      <span aria-hidden="true" className="text-fg-3">
        /
      </span>
      <span data-raw="" className="min-w-0 truncate text-fg">
        {decodeURIComponent(below[0] ?? "")}
      </span>
    </p>
  );
}
