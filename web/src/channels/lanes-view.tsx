import { useQuery } from "@tanstack/react-query";
import { Layers } from "lucide-react";
import { type ReactNode, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";

import type { ChannelView } from "@/api/types";
import { Button } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { ErrorState } from "@/components/ui/error-state";
import { Notice } from "@/components/ui/notice";
import { Skeleton } from "@/components/ui/skeleton";
import { channelGroupsQuery } from "@/config/queries";
import { AppLink, linkLook } from "@/connect/app-link";
import { useMay } from "@/session/use-me";
import type { Rows } from "@/table/rows";
import type { ChannelRow } from "./channel";
import { LanePanel } from "./lane-panel";
import { type Lane, lanesOf, outsiders } from "./lanes";
import { useChannelStatus } from "./queries";
import { useEveryChannel, useMore } from "./use-channel-rows";

interface Props {
  /** What the list is narrowed to, where it is. */
  found: Rows<ChannelRow> | undefined;
  /** At the left of the bar over the lanes. */
  toolbar: ReactNode;
  /** Where there is no channel yet. */
  none: ReactNode;
  onClear: () => void;
}

/**
 * The channels by group, in the order in which calls try them. What the list is narrowed to chooses and marks; it takes
 * nothing out of a lane, whose order would not be the real one any more.
 */
export default function LanesView({ found, toolbar, none, onClear }: Props) {
  const { t } = useTranslation("lanes");
  const groups = useQuery(channelGroupsQuery);
  const every = useEveryChannel();
  const { byName } = useChannelStatus();
  useMore(found ?? every, found?.status === "success");
  const lanes = useMemo(
    () => lanesOf(groups.data?.items ?? [], every.items, byName),
    [groups.data, every.items, byName],
  );
  const marked = useMemo(
    () => found && new Set(found.items.map(({ channel }) => channel.name)),
    [found],
  );
  const error = groups.error ?? (every.status === "error" ? every.error : found?.error);
  if (error && (!groups.data || every.status === "error" || found?.status === "error")) {
    const retry = () => {
      if (groups.error) void groups.refetch();
      if (every.status === "error") every.retry();
      if (found?.status === "error") found.retry();
    };
    return <ErrorState error={error} onRetry={retry} />;
  }
  const isPending = groups.isPending || every.status === "pending" || every.hasMore;
  const shown = marked ? lanes.filter((lane) => holdsAny(lane, marked)) : lanes;
  return (
    <section aria-label={t("title")} className="space-y-3">
      <div className="flex min-h-9 flex-wrap items-center gap-2">{toolbar}</div>
      {isPending || found?.status === "pending" ? (
        <Waiting />
      ) : every.items.length === 0 ? (
        <div className="rounded-panel border border-line bg-surface">{none}</div>
      ) : (
        <>
          <p className="max-w-180 text-fg-2 text-sm">{t("about")}</p>
          <Outside groups={groups.data?.items ?? []} channels={every.items} marked={marked} />
          {shown.length > 0 ? (
            <ul className="grid items-start gap-3 md:grid-cols-[repeat(auto-fill,minmax(20rem,1fr))]">
              {shown.map((lane) => (
                <LanePanel key={lane.group.name} lane={lane} marked={marked} />
              ))}
            </ul>
          ) : (
            <NoLane isFiltered={marked !== undefined} onClear={onClear} />
          )}
        </>
      )}
    </section>
  );
}

const holdsAny = ({ tiers }: Lane, names: ReadonlySet<string>) =>
  tiers.some(({ members }) => members.some(({ channel }) => names.has(channel.name)));

function Waiting() {
  const { t } = useTranslation("lanes");
  return (
    <div role="status" className="grid gap-3 md:grid-cols-[repeat(auto-fill,minmax(20rem,1fr))]">
      <span className="sr-only">{t("loading")}</span>
      <Skeleton className="h-48" />
      <Skeleton className="h-48" />
    </div>
  );
}

function NoLane({ isFiltered, onClear }: { isFiltered: boolean; onClear: () => void }) {
  const { t } = useTranslation(["channels", "filter", "lanes"]);
  return (
    <div className="rounded-panel border border-line bg-surface">
      <Empty
        icon={<Layers />}
        title={t(isFiltered ? "lanes:no_match" : "lanes:no_groups")}
        {...(!isFiltered && { text: t("lanes:no_groups_text") })}
        action={
          isFiltered ? (
            <Button onClick={onClear}>{t("filter:clear")}</Button>
          ) : (
            <AppLink href="/admin/channel-groups" className={linkLook}>
              {t("lanes:groups_page")}
            </AppLink>
          )
        }
      />
    </div>
  );
}

const mostOutside = 20;

/** Channels that no lane holds: nobody can use them. */
function Outside(props: {
  groups: Parameters<typeof outsiders>[0];
  channels: readonly ChannelView[];
  marked: ReadonlySet<string> | undefined;
}) {
  const { t } = useTranslation(["channels", "lanes"]);
  const [isWhole, setIsWhole] = useState(false);
  const mayWrite = useMay("channels.write");
  const { groups, channels, marked } = props;
  const all = outsiders(groups, channels).filter(({ name }) => marked?.has(name) ?? true);
  if (all.length === 0) return null;
  const shown = isWhole ? all : all.slice(0, mostOutside);
  return (
    <Notice tone="warn" heading={t("lanes:outside", { count: all.length })}>
      <ul className="flex flex-wrap gap-x-3 gap-y-1 text-sm">
        {shown.map(({ name }) => (
          <li key={name} className="min-w-0 max-w-full">
            <AppLink
              href={`/admin/channels/${encodeURIComponent(name)}${mayWrite ? "/routing" : ""}`}
              data-raw=""
              data-private=""
              className={`block truncate ${linkLook}`}
            >
              <bdi>{name}</bdi>
            </AppLink>
          </li>
        ))}
        {shown.length < all.length && (
          <li>
            <Button size="sm" variant="ghost" onClick={() => setIsWhole(true)}>
              {t("lanes:all", { count: all.length })}
            </Button>
          </li>
        )}
      </ul>
    </Notice>
  );
}
