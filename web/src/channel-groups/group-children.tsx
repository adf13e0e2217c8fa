import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { linkLook } from "@/connect/app-link";
import { Section } from "@/shell/page";
import { GroupState } from "./group-columns";
import type { GroupNode } from "./tree";

/** Where a group lies, and the groups in it, which are tried after its own channels. */
export function GroupChildren({ node, nodes }: { node: GroupNode; nodes: readonly GroupNode[] }) {
  const { t } = useTranslation("groups");
  const children = nodes.filter(({ group }) => node.children.includes(group.name));
  if (children.length === 0) return null;
  return (
    <Section title={t("children.title")} about={t("children.about")}>
      <ol
        aria-label={t("children.title")}
        className="divide-y divide-line rounded-panel border border-line bg-surface"
      >
        {children.map((child, at) => (
          <li
            key={child.group.name}
            className="grid grid-cols-[1.25rem_minmax(0,1fr)_auto_auto] items-center gap-x-3 px-3 py-1.5"
          >
            <span className="num text-right text-fg-3 text-sm">{at + 1}</span>
            <Link
              to="/admin/channel-groups/$name"
              params={{ name: child.group.name }}
              data-raw=""
              className={`truncate font-medium ${linkLook}`}
            >
              {child.group.name}
            </Link>
            <GroupState node={child} />
            <span className="num text-fg-2 text-sm">{`×${child.effective}`}</span>
          </li>
        ))}
      </ol>
    </Section>
  );
}
