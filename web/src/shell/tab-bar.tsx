import { Link } from "@tanstack/react-router";
import { Menu as MenuIcon } from "lucide-react";
import { useTranslation } from "react-i18next";

import { entryOf, type NavKey } from "./nav";
import { navIcons } from "./nav-icons";
import { useNav, usePath } from "./use-nav";

const first: readonly NavKey[] = [
  "dashboard",
  "tokens",
  "usage",
  "overview",
  "requests",
  "channels",
];

const look =
  "flex min-w-0 flex-1 flex-col items-center justify-center gap-0.5 px-1 text-fg-2 text-xs -outline-offset-2! aria-[current=page]:font-medium aria-[current=page]:text-primary";

/** On a phone: the pages used most, and the whole menu behind the last place. */
export function TabBar({ onMore }: { onMore: () => void }) {
  const { t } = useTranslation(["shell", "common"]);
  const { groups } = useNav();
  const here = entryOf(usePath())?.path;
  const entries = groups.flatMap((group) => group.entries).filter(({ key }) => first.includes(key));
  return (
    <nav
      aria-label={t("shell:menu")}
      className="fixed inset-x-0 bottom-0 z-sidebar flex h-14 border-line border-t bg-surface-2 pb-[env(safe-area-inset-bottom)]"
    >
      {entries.slice(0, 3).map((entry) => {
        const Icon = navIcons[entry.key];
        return (
          <Link
            key={entry.path}
            to={entry.path}
            activeOptions={{ exact: true, includeSearch: false }}
            aria-current={here === entry.path ? "page" : undefined}
            className={look}
          >
            <Icon aria-hidden="true" className="size-5 stroke-[1.5]" />
            <span className="max-w-full truncate">{t(`shell:nav.${entry.key}`)}</span>
          </Link>
        );
      })}
      <button type="button" onClick={onMore} className={look} aria-haspopup="dialog">
        <MenuIcon aria-hidden="true" className="size-5 stroke-[1.5]" />
        <span className="max-w-full truncate">{t("common:more")}</span>
      </button>
    </nav>
  );
}
