import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Trash2 } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { ApiProblem } from "@/api/problem";
import { Button } from "@/components/ui/button";
import { ErrorState } from "@/components/ui/error-state";
import { Skeleton } from "@/components/ui/skeleton";
import type { Channel } from "@/config/objects";
import { RoutingPreview } from "@/routing/routing-preview";
import { useMay } from "@/session/use-me";
import { Page, Section } from "@/shell/page";
import { DeleteGroupDialog } from "./delete-group-dialog";
import { GroupChildren } from "./group-children";
import { GroupState } from "./group-columns";
import { GroupMembers } from "./group-members";
import { GroupSaveBar } from "./group-save-bar";
import { GroupSettings } from "./group-settings";
import { keysOfGroupQuery, useTree } from "./queries";
import { References } from "./references";
import type { GroupNode } from "./tree";
import { useGroupEdit } from "./use-group-edit";

/** One channel group: its settings, who is in it and in which order, who uses it, and what that does to a call. */
export function GroupPage({ name }: { name: string }) {
  const { t } = useTranslation("groups");
  const tree = useTree();
  const node = tree.nodes.find(({ group }) => group.name === name || group.id === name);
  const isMissing = !tree.isPending && !tree.error && !node;
  const error = isMissing ? new ApiProblem({ code: "not_found", status: 404 }) : tree.error;
  return (
    <Page
      title={node?.group.name ?? name}
      width="form"
      aside={node && <GroupState node={node} />}
      actions={node && <DeleteButton node={node} />}
    >
      {error ? (
        <ErrorState error={error} onRetry={tree.refetch} />
      ) : node && !tree.isPending ? (
        <Content node={node} nodes={tree.nodes} channels={tree.channels} />
      ) : (
        <div aria-busy="true" className="space-y-6">
          <span role="status" className="sr-only">
            {t("loading")}
          </span>
          <Skeleton className="h-40 w-full" />
          <Skeleton className="h-56 w-full" />
        </div>
      )}
    </Page>
  );
}

function Content(props: {
  node: GroupNode;
  nodes: readonly GroupNode[];
  channels: readonly Channel[];
}) {
  const { t } = useTranslation("groups");
  const { node, nodes, channels } = props;
  const edit = useGroupEdit(node.group, node.members);
  return (
    <>
      <GroupSettings edit={edit} node={node} nodes={nodes} />
      <GroupMembers edit={edit} channels={channels} />
      <GroupChildren node={node} nodes={nodes} />
      <Section title={t("column.used_by")}>
        <UsedBy node={node} />
      </Section>
      <RoutingPreview userGroups={node.userGroups} models={modelsOfAll(node.members)} />
      <GroupSaveBar edit={edit} />
    </>
  );
}

/** Who names the group. Keys are looked for when somebody asks: few sites have any that do. */
function UsedBy({ node }: { node: GroupNode }) {
  const { t } = useTranslation("groups");
  const [isAsked, setIsAsked] = useState(false);
  const keys = useQuery({ ...keysOfGroupQuery(node.group.name), enabled: isAsked });
  return (
    <References
      node={node}
      keys={
        keys.data ?? (
          <Button size="sm" loading={keys.isFetching} onClick={() => setIsAsked(true)}>
            {t("reference.find_keys")}
          </Button>
        )
      }
      isWhole={false}
    />
  );
}

function DeleteButton({ node }: { node: GroupNode }) {
  const { t } = useTranslation("groups");
  const navigate = useNavigate();
  const mayWrite = useMay("channels.write");
  const [isOpen, setIsOpen] = useState(false);
  if (!mayWrite) return null;
  return (
    <>
      <Button
        variant="danger_outline"
        icon={<Trash2 aria-hidden="true" />}
        onClick={() => setIsOpen(true)}
      >
        {t("delete.verb")}
      </Button>
      {isOpen && (
        <DeleteGroupDialog
          node={node}
          onClose={() => setIsOpen(false)}
          onDone={() => void navigate({ to: "/admin/channel-groups" })}
        />
      )}
    </>
  );
}

function modelsOfAll(channels: readonly Channel[]): string[] {
  const names = channels.flatMap(({ models = [] }) =>
    models.map((one) => (typeof one === "string" ? one : one.name)),
  );
  return [...new Set(names)].sort();
}
