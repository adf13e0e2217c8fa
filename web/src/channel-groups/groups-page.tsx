import { useNavigate } from "@tanstack/react-router";
import { FolderTree, Pencil, Trash2 } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { Button } from "@/components/ui/button";
import { useLocalListState } from "@/filter/list-state";
import { useMay } from "@/session/use-me";
import { Page } from "@/shell/page";
import type { RowAction } from "@/table/column";
import { DataTable } from "@/table/data-table";
import { allRows, type Rows } from "@/table/rows";
import { DeleteGroupDialog } from "./delete-group-dialog";
import { useGroupColumns } from "./group-columns";
import { NewGroupDialog } from "./new-group-dialog";
import { useTree } from "./queries";
import type { GroupNode } from "./tree";
import { useStatuses } from "./use-statuses";

/** All channel groups as the tree they are, in the order in which they are tried. */
export function GroupsPage() {
  const { t } = useTranslation("groups");
  const { nodes, isPending, error, refetch } = useTree();
  const navigate = useNavigate();
  const mayWrite = useMay("channels.write");
  const [isMaking, setIsMaking] = useState(false);
  const [removed, setRemoved] = useState<GroupNode>();
  const columns = useGroupColumns(useStatuses());
  const open = ({ group }: GroupNode) =>
    void navigate({ to: "/admin/channel-groups/$name", params: { name: group.name } });
  const rows: Rows<GroupNode> = {
    ...allRows(nodes),
    status: error !== undefined ? "error" : isPending ? "pending" : "success",
    ...(error !== undefined && { error, items: [] }),
    retry: refetch,
  };
  const actions = (node: GroupNode): RowAction[] => [
    { id: "edit", label: t("open"), icon: <Pencil />, keys: "e", run: () => open(node) },
    {
      id: "delete",
      label: t("delete.verb"),
      icon: <Trash2 />,
      danger: true,
      run: () => setRemoved(node),
    },
  ];
  const make = mayWrite && (
    <Button variant="primary" onClick={() => setIsMaking(true)}>
      {t("new.verb")}
    </Button>
  );
  return (
    <Page title={t("title")} about={t("about")} {...(make && { actions: make })}>
      <DataTable
        name="channel_groups"
        label={t("title")}
        columns={columns}
        rows={rows}
        state={useLocalListState()}
        rowId={({ group }) => group.name}
        rowLabel={({ group }) => group.name}
        opens={open}
        {...(mayWrite && { actions })}
        nothing={{
          icon: <FolderTree />,
          title: t("none"),
          text: t("about"),
          ...(make && { action: make }),
        }}
      />
      <NewGroupDialog open={isMaking} onClose={() => setIsMaking(false)} nodes={nodes} />
      {removed && <DeleteGroupDialog node={removed} onClose={() => setRemoved(undefined)} />}
    </Page>
  );
}
