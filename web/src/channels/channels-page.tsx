import { useQueryClient } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import {
  AlarmClock,
  Ban,
  CirclePlay,
  Copy,
  FlaskConical,
  Plus,
  Trash2,
  Waypoints,
} from "lucide-react";
import { useEffect, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";

import type { ChannelView } from "@/api/types";
import { idsOfAll, matching } from "@/batch/queries";
import { useBulk } from "@/batch/use-bulk";
import { Button } from "@/components/ui/button";
import { isEnabled } from "@/config/objects";
import { FilterBar } from "@/filter/filter-bar";
import { changed, type ListState, useListState } from "@/filter/list-state";
import { useMay } from "@/session/use-me";
import { Page } from "@/shell/page";
import type { RowAction } from "@/table/column";
import { DataTable } from "@/table/data-table";
import { useListQuery } from "@/table/list-query";
import type { Rows } from "@/table/rows";
import { AddChannelSheet } from "./add-channel-sheet";
import type { ChannelRow } from "./channel";
import { useChannelColumns } from "./channel-columns";
import { meets, split, useChannelFields, useChannelPresets } from "./channel-fields";
import { channelsSearch } from "./channels-search";
import { type Deed, DeedDialog } from "./deed-dialog";
import { fetchChannels, refreshChannels, useChannelStatus } from "./queries";
import { TestSheet } from "./test-sheet";
import { isResting, useWake } from "./wake";

const defaults = { sort: "-priority" };

/** The channels: how each is and why, and what is done about it. */
export function ChannelsPage() {
  const { t } = useTranslation("channels");
  const state = useListState(defaults);
  const navigate = useNavigate();
  const mayWrite = useMay("channels.write");
  const { rows, facets, allNames } = useChannelRows(state);
  const queries = useQueryClient();
  const bulk = useBulk({
    subject: "channel",
    acts: ["enable", "disable", "order", "groups", "delete"],
    allIds: allNames,
    refresh: () => refreshChannels(queries),
  });
  const sheet = useSheets();
  const [deed, setDeed] = useState<{ deed: Deed; row: ChannelRow }>();
  const actions = useActions({
    ask: setDeed,
    test: (name) => sheet.go({ test: name }),
    copy: (name) => sheet.go({ add: name }),
  });
  const add = mayWrite && (
    <Button
      variant="primary"
      icon={<Plus aria-hidden="true" />}
      onClick={() => sheet.go({ add: "" })}
    >
      {t("add.verb")}
    </Button>
  );
  return (
    <Page title={t("title")} about={t("about")} actions={add}>
      <div>
        <FilterBar
          views="channels"
          state={state}
          fields={useChannelFields()}
          facets={facets}
          presets={useChannelPresets()}
          placeholder={t("search")}
        />
        <DataTable
          name="channels"
          label={t("title")}
          columns={useChannelColumns()}
          rows={rows}
          state={state}
          rowId={({ channel }) => channel.name}
          rowLabel={({ channel }) => channel.name}
          opens={({ channel }) =>
            void navigate({
              to: "/admin/channels/$name" as never,
              params: { name: channel.name } as never,
            })
          }
          actions={actions}
          {...(mayWrite && { bulk: bulk.bar })}
          nothing={{
            icon: <Waypoints />,
            title: t("none.title"),
            text: t("none.text"),
            action: add,
          }}
        />
      </div>
      {bulk.sheet}
      <AddChannelSheet from={sheet.add} onClose={() => sheet.go({ add: undefined })} />
      <TestSheet name={sheet.test} onClose={() => sheet.go({ test: undefined })} />
      {deed && (
        <DeedDialog
          deed={deed.deed}
          channel={deed.row.channel}
          status={deed.row.status}
          onClose={() => setDeed(undefined)}
        />
      )}
    </Page>
  );
}

/** The channels of the list with how they are. What the server does not know to filter by is judged here. */
function useChannelRows(state: ListState) {
  const { filter, own } = useMemo(() => split(state.terms), [state.terms]);
  const { rows, facets } = useListQuery<ChannelView>({
    key: ["channels", "list"],
    state: { ...state, filter },
    fetchPage: fetchChannels,
  });
  const { byName, isPending } = useChannelStatus();
  const items = useMemo(
    () =>
      rows.items
        .map((channel): ChannelRow => ({ channel, status: byName.get(channel.name) }))
        .filter((row) => meets(row, own)),
    [rows.items, byName, own],
  );
  const isJudged = own.length > 0;
  // Where nothing of the pages so far is meant, what is meant may still come.
  const { hasMore, isLoadingMore, loadMore } = rows;
  const wantsMore = isJudged && items.length === 0 && hasMore && !isLoadingMore;
  useEffect(() => {
    if (wantsMore) loadMore();
  }, [wantsMore, loadMore]);
  const shown: Rows<ChannelRow> = {
    ...rows,
    items,
    ...(isJudged && !hasMore && { approxTotal: items.length }),
    ...(isJudged && (isPending || wantsMore) && rows.status === "success" && { status: "pending" }),
  };
  const allNames = (signal: AbortSignal) =>
    idsOfAll({
      query: matching({ ...state, filter }),
      fetchPage: fetchChannels,
      idOf: ({ name }) => name,
      isMeant: (channel) => meets({ channel, status: byName.get(channel.name) }, own),
      signal,
    });
  return { rows: shown, facets, allNames };
}

/** The sheet that is open, in the address: Back closes it. */
function useSheets() {
  const navigate = useNavigate();
  const search: Record<string, unknown> = useSearch({ strict: false });
  const { add, test } = channelsSearch(search);
  const go = (change: { add?: string | undefined; test?: string | undefined }) =>
    void navigate({
      to: ".",
      search: ((now: Record<string, unknown>) => {
        const next = changed(now, change as never);
        // A fresh channel is `?add=`: empty, and yet there.
        return change.add === "" ? { ...next, add: "" } : next;
      }) as never,
      resetScroll: false,
    });
  return { add, test, go };
}

function useActions(props: {
  ask: (asked: { deed: Deed; row: ChannelRow }) => void;
  test: (name: string) => void;
  copy: (name: string) => void;
}): (row: ChannelRow) => readonly RowAction[] {
  const { t } = useTranslation("channels");
  const wake = useWake();
  const mayWrite = useMay("channels.write");
  return (row) => {
    const { channel, status } = row;
    const on = isEnabled(channel);
    const ask = (deed: Deed) => () => props.ask({ deed, row });
    const test: RowAction = {
      id: "test",
      label: t("test.verb"),
      icon: <FlaskConical />,
      keys: "t",
      run: () => props.test(channel.name),
    };
    if (!mayWrite) return [test];
    return [
      test,
      on
        ? { id: "disable", label: t("deed.disable.verb"), icon: <Ban />, run: ask("disable") }
        : { id: "enable", label: t("deed.enable.verb"), icon: <CirclePlay />, run: ask("enable") },
      {
        id: "wake",
        label: t("wake.verb"),
        icon: <AlarmClock />,
        ...(!(status && isResting(status)) && { disabledReason: t("wake.awake") }),
        run: () => wake(channel.name),
      },
      {
        id: "copy",
        label: t("copy.verb"),
        icon: <Copy />,
        run: () => props.copy(channel.name),
      },
      {
        id: "remove",
        label: t("deed.remove.verb"),
        icon: <Trash2 />,
        danger: true,
        run: ask("remove"),
      },
    ];
  };
}
