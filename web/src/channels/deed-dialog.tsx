import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import type { ChannelStatus, ChannelView } from "@/api/types";
import { ConfirmDialog } from "@/form/confirm-dialog";
import { onlyServedBy } from "./channel";
import { allChannelsQuery, channels, refreshChannels } from "./queries";

export type Deed = "enable" | "disable" | "remove";

interface Props {
  deed: Deed;
  channel: ChannelView;
  status: ChannelStatus | undefined;
  onClose: () => void;
  onDone?: () => void;
}

/** Asks before a channel is switched on or off or deleted, and tells in numbers what it means. */
export function DeedDialog({ deed, channel, status, onClose, onDone }: Props) {
  const { t } = useTranslation("channels");
  const queries = useQueryClient();
  const { name } = channel;
  const run = async () => {
    if (deed === "remove") await channels.remove(name);
    else await channels.change(name, { enabled: deed === "enable" });
    onDone?.();
    await refreshChannels(queries);
  };
  return (
    <ConfirmDialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t(`deed.${deed}.title`, { name })}
      consequence={<Consequence {...{ deed, channel, status }} />}
      verb={t(`deed.${deed}.verb`)}
      harmless={deed === "enable"}
      {...(deed === "remove" && { typedName: name })}
      onConfirm={run}
    />
  );
}

/** What will happen: what the channel does now, and what nobody else does. */
export function Consequence(props: {
  deed: Deed;
  channel: ChannelView;
  status: ChannelStatus | undefined;
}) {
  const { t } = useTranslation("channels");
  const { deed, channel, status } = props;
  const { data } = useQuery(allChannelsQuery);
  if (deed === "enable") return t("deed.enable.text");
  const lonely = data ? onlyServedBy(channel.name, data.items) : [];
  const more = lonely.length - shown;
  return (
    <>
      {t(`deed.${deed}.text`)} {status && t("deed.calls", { count: status.hour.calls })}{" "}
      {status && t("deed.in_flight", { count: status.in_flight })}{" "}
      {lonely.length > 0 && (
        <span className="font-medium text-fg">
          {t("deed.lonely", {
            count: lonely.length,
            models:
              lonely.slice(0, shown).join(", ") + (more > 0 ? t("deed.more", { count: more }) : ""),
          })}
        </span>
      )}
    </>
  );
}

const shown = 5;
