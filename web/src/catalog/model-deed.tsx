import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { Button } from "@/components/ui/button";
import { Dialog, DialogClose, DialogContent } from "@/components/ui/dialog";
import { ConfirmDialog } from "@/form/confirm-dialog";
import type { ModelRow } from "./model";
import { models, refreshModels } from "./queries";
import { ChannelLinks } from "./served-list";

export type Deed = "enable" | "disable" | "remove";

interface Props {
  deed: Deed;
  row: ModelRow;
  onClose: () => void;
}

/** Asks before a model is switched off or on, or deleted. Of one that channels serve it shows by which: the server would refuse. */
export function ModelDeed({ deed, row, onClose }: Props) {
  const { t } = useTranslation(["catalog", "common"]);
  const queries = useQueryClient();
  const { name, channels, last_30d } = row;
  const count = last_30d.calls;
  if (deed === "remove" && channels.length > 0) {
    return (
      <Dialog open onOpenChange={(open) => !open && onClose()}>
        <DialogContent
          title={t("catalog:deed.remove.in_use", { name })}
          description={t("catalog:deed.remove.in_use_text", { count: channels.length })}
          footer={
            <DialogClose asChild>
              <Button>{t("common:close")}</Button>
            </DialogClose>
          }
        >
          <ChannelLinks channels={channels} model={name} />
        </DialogContent>
      </Dialog>
    );
  }
  return (
    <ConfirmDialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t(`catalog:deed.${deed}.title`, { name })}
      consequence={t(`catalog:deed.${deed}.text`, { count })}
      verb={t(`catalog:deed.${deed}.verb`)}
      harmless={deed === "enable"}
      typedName={deed === "remove" && count > 0 ? name : undefined}
      onConfirm={async () => {
        if (deed === "remove") await models.remove(name);
        else await models.put(name, { enabled: deed === "enable" });
        await refreshModels(queries);
      }}
    />
  );
}
