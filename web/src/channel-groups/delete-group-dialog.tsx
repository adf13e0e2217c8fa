import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { Button } from "@/components/ui/button";
import { Dialog, DialogClose, DialogContent } from "@/components/ui/dialog";
import { ErrorState } from "@/components/ui/error-state";
import { Skeleton } from "@/components/ui/skeleton";
import { ConfirmDialog } from "@/form/confirm-dialog";
import { groups, keysOfGroupQuery, refreshGroups } from "./queries";
import { References } from "./references";
import type { GroupNode } from "./tree";

interface Props {
  node: GroupNode;
  onClose: () => void;
  onDone?: () => void;
}

/** Deletes a group that nothing uses; of one in use it shows by what, since the server would refuse. */
export function DeleteGroupDialog({ node, onClose, onDone }: Props) {
  const { t } = useTranslation(["groups", "common"]);
  const queries = useQueryClient();
  const { name } = node.group;
  const keys = useQuery(keysOfGroupQuery(name));
  const keyCount = keys.data?.approx_total ?? keys.data?.items.length;
  const others = node.members.length + node.children.length + node.userGroups.length;
  if (keyCount === 0 && others === 0) {
    return (
      <ConfirmDialog
        open
        onOpenChange={(open) => !open && onClose()}
        title={t("groups:delete.title", { name })}
        consequence={t("groups:delete.unused")}
        verb={t("groups:delete.verb")}
        onConfirm={async () => {
          await groups.remove(name);
          onDone?.();
          await refreshGroups(queries);
        }}
      />
    );
  }
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()}>
      <DialogContent
        title={t("groups:delete.in_use", { name })}
        description={t("groups:delete.in_use_text")}
        footer={
          <DialogClose asChild>
            <Button>{t("common:close")}</Button>
          </DialogClose>
        }
      >
        {keys.error ? (
          <ErrorState error={keys.error} onRetry={() => void keys.refetch()} />
        ) : keys.data ? (
          <References node={node} keys={keys.data} />
        ) : (
          <Skeleton className="h-24 w-full" />
        )}
      </DialogContent>
    </Dialog>
  );
}
