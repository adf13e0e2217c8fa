import { useTranslation } from "react-i18next";

import { MemberState } from "@/channel-groups/member-state";
import { StandingBadges } from "@/channel-groups/standing-badges";
import { useStatuses } from "@/channel-groups/use-statuses";
import { StatusBadge } from "@/components/ui/status-badge";
import { ChannelGroupName } from "./group-link";
import type { Tried, TriedGroup } from "./try-order";

/** What a call tries, one after the other: the channels of each group by priority, each at its price. */
export function TryOrderView({ order }: { order: readonly TriedGroup[] }) {
  const { t } = useTranslation("user_groups");
  if (order.length === 0) return <p className="text-fg-2">{t("allows_nothing")}</p>;
  return (
    <ol aria-label={t("preview.title")} className="space-y-3">
      {order.map((group, at) => (
        <li key={group.name} className="space-y-1">
          <p className="flex flex-wrap items-center gap-x-2">
            <span className="num w-5 text-right text-fg-3 text-sm">{at + 1}</span>
            <ChannelGroupName name={group.name} />
            <span className="num text-fg-2 text-sm">{`×${group.multiplier}`}</span>
            {!group.isOn && <StatusBadge status="disabled" word={t("group_off")} />}
          </p>
          {group.isOn && <Channels channels={group.channels} />}
        </li>
      ))}
    </ol>
  );
}

function Channels({ channels }: { channels: readonly Tried[] }) {
  const { t } = useTranslation("user_groups");
  const statuses = useStatuses();
  if (channels.length === 0) return <p className="pl-7 text-fg-3">{t("preview.no_channel")}</p>;
  return (
    <ul className="ml-7 divide-y divide-line rounded-panel border border-line bg-surface">
      {channels.map(({ channel, multiplier, path, standing }) => (
        <li
          key={channel.name}
          className="grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-3 px-3 py-1.5 sm:grid-cols-[minmax(0,1fr)_minmax(0,12rem)_7rem_5rem]"
        >
          <span className="min-w-0 [overflow-wrap:anywhere]">
            <bdi data-raw="" className="font-medium">
              {channel.name}
            </bdi>
            <span className="ml-2 inline-flex gap-1 empty:hidden">
              <StandingBadges standing={standing} />
            </span>
            {path.length > 1 && (
              <span className="ml-2 text-fg-3 text-sm">
                {t("preview.by_way_of", { path: path.slice(1).join(" / ") })}
              </span>
            )}
          </span>
          <span className="min-w-0 text-sm max-sm:order-3">
            <MemberState channel={channel} status={statuses.get(channel.name)} />
          </span>
          <span className="num text-fg-2 text-sm max-sm:order-4 max-sm:text-right">
            {t("preview.priority", { priority: channel.priority ?? 0 })}
          </span>
          <span className="num text-right font-medium text-sm">{`×${multiplier}`}</span>
        </li>
      ))}
    </ul>
  );
}
