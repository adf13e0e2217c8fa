import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { cn } from "@/components/class-names";
import { Tooltip } from "@/components/ui/tooltip";
import { entryOf, type NavEntry } from "./nav";
import { navIcons } from "./nav-icons";
import { useNav, usePath } from "./use-nav";

interface Props {
  /** Only icons; the names are tooltips. */
  narrow?: boolean;
  onGo?: (() => void) | undefined;
}

/** The switch between the consoles and the groups of pages below it. */
export function Menu({ narrow = false, onGo }: Props) {
  const { t } = useTranslation("shell");
  const { groups } = useNav();
  return (
    <nav aria-label={t("menu")} className="flex min-h-0 flex-1 flex-col gap-4 overflow-y-auto p-2">
      <WorkspaceSwitch narrow={narrow} onGo={onGo} />
      {groups.map((group) => (
        <div
          key={group.key ?? "account"}
          className={cn("space-y-0.5", group.key === undefined && "mt-auto")}
        >
          {group.key !== undefined && (
            <p className={narrow ? "sr-only" : "px-2 pb-1 text-fg-3 text-xs"}>
              {t(`groups.${group.key}`)}
            </p>
          )}
          <ul className="space-y-0.5">
            {group.entries.map((entry) => (
              <li key={entry.path}>
                <Item entry={entry} narrow={narrow} onGo={onGo} />
              </li>
            ))}
          </ul>
        </div>
      ))}
    </nav>
  );
}

function Item({ entry, narrow, onGo }: { entry: NavEntry } & Props) {
  const { t } = useTranslation("shell");
  const here = entryOf(usePath())?.path === entry.path;
  const Icon = navIcons[entry.key];
  const name = t(`nav.${entry.key}`);
  const link = (
    <Link
      to={entry.path}
      onClick={onGo}
      activeOptions={{ exact: true, includeSearch: false }}
      aria-current={here ? "page" : undefined}
      className={cn(
        "flex h-8 items-center gap-2.5 rounded-control px-2 text-fg-2 -outline-offset-2! hover:bg-surface-3 hover:text-fg aria-[current=page]:bg-primary-soft aria-[current=page]:font-medium aria-[current=page]:text-fg pointer-coarse:h-11",
        narrow && "justify-center px-0",
      )}
    >
      <Icon aria-hidden="true" className="size-4 shrink-0 stroke-[1.5]" />
      <span className={narrow ? "sr-only" : "truncate"}>{name}</span>
    </Link>
  );
  return narrow ? (
    <Tooltip text={name} side="right">
      {link}
    </Tooltip>
  ) : (
    link
  );
}

/** Only for those who have both consoles. Each side opens on the page last seen there. */
function WorkspaceSwitch({ narrow, onGo }: Props) {
  const { t } = useTranslation("shell");
  const { workspace, workspaces } = useNav();
  if (workspaces.length < 2) return null;
  return (
    <ul
      aria-label={t("workspace")}
      className={cn(
        "flex shrink-0 rounded-control border border-line-strong/50 bg-surface p-px",
        narrow && "flex-col",
      )}
    >
      {workspaces.map(({ key, path }) => (
        <li key={key} className="min-w-0 flex-1">
          <Link
            to={path}
            onClick={onGo}
            activeOptions={{ exact: true, includeSearch: false }}
            aria-current={key === workspace ? "true" : undefined}
            data-here={key === workspace ? "" : undefined}
            title={narrow ? t(key) : undefined}
            className="flex h-7 items-center justify-center rounded-[5px] px-1 text-fg-2 text-sm hover:text-fg data-here:bg-surface-3 data-here:font-medium data-here:text-fg pointer-coarse:h-10"
          >
            {narrow ? (
              <>
                <span aria-hidden="true">{[...t(key)][0]}</span>
                <span className="sr-only">{t(key)}</span>
              </>
            ) : (
              <span className="truncate">{t(key)}</span>
            )}
          </Link>
        </li>
      ))}
    </ul>
  );
}
