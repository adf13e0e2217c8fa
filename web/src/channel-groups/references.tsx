import { Link, useRouter } from "@tanstack/react-router";
import type { ReactElement, ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { AppLink, linkLook } from "@/connect/app-link";
import { existsIn } from "@/shell/exists";
import { Facts } from "@/trace/section";
import type { GroupNode } from "./tree";

interface Keys {
  items: readonly { id: string; name: string; user: string }[];
  approx_total?: number;
}

/** Everything that names a group: its channels, the groups in it, user groups, keys. */
export function References(props: {
  node: GroupNode;
  /** Those that were found, or what stands there before. */
  keys: Keys | ReactElement | undefined;
  /** Channels and child groups too: not where they are shown beside it anyway. */
  isWhole?: boolean;
}) {
  const { t } = useTranslation("groups");
  const { node, keys, isWhole = true } = props;
  const found = keys && "items" in keys ? keys : undefined;
  const more = found ? (found.approx_total ?? found.items.length) - found.items.length : 0;
  const shownKeys = found?.items.map(({ id, name, user }) => ({ id, label: `${user} · ${name}` }));
  return (
    <Facts
      items={[
        [
          t("reference.user_groups"),
          <Names
            key="user_groups"
            names={node.userGroups.map((name) => ({ id: name, label: name }))}
            href={() => "/admin/user-groups"}
          />,
        ],
        [
          t("reference.keys"),
          shownKeys ? (
            <span key="keys">
              <Names names={shownKeys} />
              {more > 0 && ` ${t("reference.more", { count: more })}`}
            </span>
          ) : (
            (keys as ReactElement | undefined)
          ),
        ],
        ...(isWhole
          ? ([
              [
                t("reference.channels"),
                <Names
                  key="channels"
                  names={node.members.map(({ name }) => ({ id: name, label: name }))}
                  href={(name) => `/admin/channels/${encodeURIComponent(name)}`}
                />,
              ],
              [t("reference.children"), <Children key="children" names={node.children} />],
            ] as const)
          : []),
      ]}
    />
  );
}

function Children({ names }: { names: readonly string[] }) {
  return (
    <Listed>
      {names.map((name) => (
        <Link
          key={name}
          to="/admin/channel-groups/$name"
          params={{ name }}
          data-raw=""
          className={linkLook}
        >
          {name}
        </Link>
      ))}
    </Listed>
  );
}

function Names(props: {
  names: readonly { id: string; label: string }[];
  href?: (id: string) => string;
}) {
  const router = useRouter();
  const { names, href } = props;
  const exists = existsIn(router.routesByPath);
  return (
    <Listed>
      {names.map(({ id, label }) => {
        const to = href?.(id);
        const isThere = to !== undefined && exists(`/${to.split("/").slice(1, 3).join("/")}`);
        return isThere ? (
          <AppLink key={id} href={to} data-raw="" className={linkLook}>
            {label}
          </AppLink>
        ) : (
          <bdi key={id} data-raw="">
            {label}
          </bdi>
        );
      })}
    </Listed>
  );
}

function Listed({ children }: { children: ReactNode[] }) {
  const { t } = useTranslation("groups");
  if (children.length === 0) return <span className="text-fg-3">{t("reference.none")}</span>;
  return <span className="inline-flex flex-wrap gap-x-3 gap-y-0.5">{children}</span>;
}
