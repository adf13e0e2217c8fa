import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { ChannelView } from "@/api/types";
import { Notice } from "@/components/ui/notice";
import { Sheet, SheetContent } from "@/components/ui/sheet";
import { Skeleton } from "@/components/ui/skeleton";
import { ConfirmDialog } from "@/form/confirm-dialog";
import { useMay } from "@/session/use-me";
import { bindingsOf } from "./channel";
import { ChannelQuickForm } from "./channel-quick-form";
import { channelQuery } from "./queries";
import type { QuickStart } from "./quick-draft";

interface Props {
  /** `""`: from nothing; a name: like that channel; nothing closes the sheet. */
  from: string | undefined;
  onClose: () => void;
}

/** Adds a channel. What was typed is not lost by a slip. */
export function AddChannelSheet({ from, onClose }: Props) {
  const { t } = useTranslation(["channels", "common"]);
  const mayWrite = useMay("channels.write");
  const [isDirty, setIsDirty] = useState(false);
  const [isAsking, setIsAsking] = useState(false);
  const leave = () => {
    setIsDirty(false);
    onClose();
  };
  if (!mayWrite) return null;
  return (
    <Sheet
      open={from !== undefined}
      onOpenChange={(open) => !open && (isDirty ? setIsAsking(true) : leave())}
    >
      {from !== undefined && (
        <SheetContent title={t("channels:add.title")} keepOpen>
          {from === "" ? (
            <Filled start={{}} onDirty={setIsDirty} />
          ) : (
            <Copied name={from} onDirty={setIsDirty} />
          )}
          <ConfirmDialog
            open={isAsking}
            onOpenChange={setIsAsking}
            title={t("common:form.leave_heading")}
            consequence={t("channels:add.leave")}
            verb={t("common:form.leave")}
            cancel={t("common:form.stay")}
            onConfirm={async () => leave()}
          />
        </SheetContent>
      )}
    </Sheet>
  );
}

function Filled({ start, onDirty }: { start: QuickStart; onDirty: (dirty: boolean) => void }) {
  const navigate = useNavigate();
  return (
    <ChannelQuickForm
      start={start}
      onDirty={onDirty}
      onSaved={({ name }) =>
        void navigate({ to: "/admin/channels/$name" as never, params: { name } as never })
      }
    />
  );
}

/** Everything of another channel but its name and its keys, which nobody can read back. */
function Copied({ name, onDirty }: { name: string; onDirty: (dirty: boolean) => void }) {
  const { t } = useTranslation("channels");
  const { data, isPending } = useQuery(channelQuery(name));
  if (isPending) return <Skeleton className="h-40" />;
  return (
    <div className="space-y-4">
      <Notice tone="info">{data ? t("copy.keys", { name }) : t("copy.gone", { name })}</Notice>
      <Filled start={data ? startOf(data.value) : {}} onDirty={onDirty} />
    </div>
  );
}

function startOf(channel: ChannelView): QuickStart {
  const { kind, base_url, groups, dialects, priority, weight, limits } = channel;
  return {
    kind,
    ...(base_url !== undefined && { base_url }),
    ...(groups && { groups }),
    ...(dialects && { dialects }),
    ...(priority !== undefined && { priority }),
    ...(weight !== undefined && { weight }),
    ...(limits && { limits }),
    name: `${channel.name}-2`,
    models: bindingsOf(channel),
  };
}
