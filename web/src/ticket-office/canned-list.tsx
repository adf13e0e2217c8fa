import { useQuery, useQueryClient } from "@tanstack/react-query";
import { MessagesSquare, Pencil, Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { CannedReplyView } from "@/api/types";
import { Button } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { ErrorState } from "@/components/ui/error-state";
import { IconButton } from "@/components/ui/icon-button";
import { Skeleton } from "@/components/ui/skeleton";
import { ConfirmDialog } from "@/form/confirm-dialog";
import { useMay } from "@/session/use-me";
import { canned, cannedQuery, refreshCanned } from "./queries";

type Write = (reply: CannedReplyView | "new") => void;

/** Every canned reply by its name, to be changed or deleted, and a way to make one. */
export function CannedList({ onWrite }: { onWrite: Write }) {
  const { t } = useTranslation(["ticket_office", "common"]);
  const { data, error, refetch } = useQuery(cannedQuery);
  const mayWrite = useMay("users.write");
  if (!data && error) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (!data) return <Skeleton className="h-60" />;
  const add = mayWrite && (
    <Button variant="primary" icon={<Plus aria-hidden="true" />} onClick={() => onWrite("new")}>
      {t("ticket_office:canned.add")}
    </Button>
  );
  if (data.items.length === 0) {
    return (
      <Empty
        icon={<MessagesSquare />}
        title={t("ticket_office:canned.none")}
        text={t("ticket_office:canned.none_text")}
        action={add}
      />
    );
  }
  return (
    <div className="space-y-4">
      <p className="text-fg-2">{t("ticket_office:canned.about")}</p>
      {add}
      <Replies items={data.items} mayWrite={mayWrite} onWrite={onWrite} />
    </div>
  );
}

interface RepliesProps {
  items: readonly CannedReplyView[];
  mayWrite: boolean;
  onWrite: Write;
}

function Replies({ items, mayWrite, onWrite }: RepliesProps) {
  const { t } = useTranslation(["ticket_office", "common"]);
  const queries = useQueryClient();
  const [removed, setRemoved] = useState<string>();
  return (
    <>
      <ul
        aria-label={t("ticket_office:canned.title")}
        className="divide-y divide-line rounded-panel border border-line bg-surface"
      >
        {items.map((reply) => (
          <li key={reply.name} className="flex items-start gap-1 py-2 pr-1 pl-3">
            <div data-raw="" className="min-w-0 flex-1 [overflow-wrap:anywhere]">
              <p className="font-medium">{reply.name}</p>
              <p className="line-clamp-2 text-fg-2 text-sm">{reply.body}</p>
            </div>
            {mayWrite && (
              <>
                <IconButton
                  size="sm"
                  label={t("ticket_office:canned.edit", { name: reply.name })}
                  icon={<Pencil aria-hidden="true" />}
                  onClick={() => onWrite(reply)}
                />
                <IconButton
                  size="sm"
                  label={t("ticket_office:canned.remove", { name: reply.name })}
                  icon={<Trash2 aria-hidden="true" />}
                  onClick={() => setRemoved(reply.name)}
                />
              </>
            )}
          </li>
        ))}
      </ul>
      {removed !== undefined && (
        <ConfirmDialog
          open
          onOpenChange={(open) => !open && setRemoved(undefined)}
          title={t("ticket_office:canned.remove_title", { name: removed })}
          consequence={t("ticket_office:canned.remove_text")}
          verb={t("common:delete")}
          onConfirm={async () => {
            await canned.remove(removed);
            await refreshCanned(queries);
          }}
        />
      )}
    </>
  );
}
