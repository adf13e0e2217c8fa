import { useQueryClient } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { FileDown, FileUp, FlaskConical, MoreHorizontal, Plus, Waypoints } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";

import { allOf } from "@/batch/queries";
import { type Chosen, useBulk } from "@/batch/use-bulk";
import { Button } from "@/components/ui/button";
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuTrigger,
} from "@/components/ui/dropdown-menu";
import { Empty } from "@/components/ui/empty";
import { Segmented } from "@/components/ui/segmented";
import { Skeleton } from "@/components/ui/skeleton";
import { FilterBar } from "@/filter/filter-bar";
import { changed, type ListState, useListState } from "@/filter/list-state";
import { loadTexts } from "@/i18n";
import { useMay, useMe } from "@/session/use-me";
import { Page } from "@/shell/page";
import { DataTable } from "@/table/data-table";
import { AddChannelSheet } from "./add-channel-sheet";
import type { ChannelRow } from "./channel";
import { useChannelColumns } from "./channel-columns";
import { useChannelFields, useChannelPresets } from "./channel-fields";
import { type ChannelsSearch, channelsSearch } from "./channels-search";
import { type Deed, DeedDialog } from "./deed-dialog";
import { ImportSheet } from "./import-sheet";
import { fetchChannels, refreshChannels } from "./queries";
import { TestSheet } from "./test-sheet";
import { type AskedTrials, TrialsSheet } from "./trials-sheet";
import { useChannelActions } from "./use-channel-actions";
import { channelDefaults, useChannelRows } from "./use-channel-rows";
import { useExport } from "./use-export";

const LanesView = lazy(async () => {
  await loadTexts("lanes");
  return import("./lanes-view");
});

/** The channels: how each is and why, and what is done about it. */
export function ChannelsPage() {
  const { t } = useTranslation("channels");
  const state = useListState(channelDefaults);
  const navigate = useNavigate();
  const mayWrite = useMay("channels.write");
  const sheet = useSheets();
  const isByGroup = sheet.view === "groups";
  const { rows, facets, allChannels } = useChannelRows(isByGroup ? unordered(state) : state);
  const queries = useQueryClient();
  const file = useExport();
  const [trials, setTrials] = useState<AskedTrials>();
  const channelsOf = ({ selected, isAll }: Chosen) => {
    const loaded = rows.items.map(({ channel }) => channel);
    const meant = loaded.filter(({ name }) => selected.includes(name));
    return (signal: AbortSignal) => (isAll ? allChannels(signal) : Promise.resolve(meant));
  };
  const bulk = useBulk({
    subject: "channel",
    acts: mayWrite ? ["enable", "disable", "order", "groups", "limits", "delete"] : [],
    others: [
      {
        id: "test",
        label: t("test.verb"),
        icon: <FlaskConical aria-hidden="true" />,
        run: (chosen) => setTrials({ count: chosen.count, channels: channelsOf(chosen) }),
      },
      {
        id: "export",
        label: t("file.export"),
        icon: <FileDown aria-hidden="true" />,
        run: (chosen) => void file.run(channelsOf(chosen)),
      },
    ],
    allIds: async (signal) => (await allChannels(signal)).map(({ name }) => name),
    refresh: () => refreshChannels(queries),
  });
  const [deed, setDeed] = useState<{ deed: Deed; row: ChannelRow }>();
  const actions = useChannelActions({
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
  const everyChannel = (signal: AbortSignal) =>
    allOf({ query: {}, fetchPage: fetchChannels, signal });
  const actionsOfPage = (
    <>
      <DropdownMenu>
        <DropdownMenuTrigger asChild>
          <Button loading={file.isRunning} icon={<MoreHorizontal aria-hidden="true" />}>
            {t("file.menu")}
          </Button>
        </DropdownMenuTrigger>
        <DropdownMenuContent>
          <DropdownMenuItem icon={<FileDown />} onSelect={() => void file.run(everyChannel)}>
            {t("file.export_all")}
          </DropdownMenuItem>
          {mayWrite && (
            <DropdownMenuItem icon={<FileUp />} onSelect={() => sheet.go({ import: true })}>
              {t("file.import")}
            </DropdownMenuItem>
          )}
        </DropdownMenuContent>
      </DropdownMenu>
      {add}
    </>
  );
  const columns = useChannelColumns();
  const nothing = {
    icon: <Waypoints />,
    title: t("none.title"),
    text: t("none.text"),
    action: add,
  };
  const views = sheet.hasGroups && (
    <Segmented
      label={t("view.label")}
      value={isByGroup ? "groups" : "table"}
      onChange={(view) => sheet.go({ view: view === "groups" ? view : undefined })}
      options={[
        { value: "table", label: t("view.table") },
        { value: "groups", label: t("view.groups") },
      ]}
    />
  );
  return (
    <Page title={t("title")} about={t("about")} actions={actionsOfPage}>
      <div>
        <FilterBar
          views="channels"
          state={state}
          fields={useChannelFields()}
          facets={facets}
          presets={useChannelPresets()}
          placeholder={t("search")}
        />
        {isByGroup ? (
          <Suspense fallback={<Skeleton className="h-64 w-full" />}>
            <LanesView
              found={state.isFiltered ? rows : undefined}
              toolbar={views}
              none={<Empty {...nothing} />}
              onClear={state.clear}
            />
          </Suspense>
        ) : (
          <DataTable
            name="channels"
            label={t("title")}
            columns={columns}
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
            toolbar={views}
            actions={actions}
            bulk={bulk.bar}
            nothing={nothing}
          />
        )}
      </div>
      <TrialsSheet
        asked={trials}
        onClose={() => setTrials(undefined)}
        onAct={(act, names, onDone) =>
          bulk.ask({
            act,
            ids: () => Promise.resolve(names),
            count: names.length,
            clear: () => undefined,
            onDone,
          })
        }
      />
      {bulk.sheet}
      <ImportSheet open={sheet.isImport} onClose={() => sheet.go({ import: undefined })} />
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

/** Lanes have an order of their own: the one in which calls go. */
const unordered = (state: ListState): ListState => ({
  ...state,
  sort: channelDefaults.sort,
  cursor: undefined,
});

/** The view, and the sheet that is open, in the address: Back closes it. */
function useSheets() {
  const navigate = useNavigate();
  const { features } = useMe();
  const search: Record<string, unknown> = useSearch({ strict: false });
  const { add, test, view, import: isImport = false } = channelsSearch(search);
  const mayWrite = useMay("channels.write");
  const hasGroups = features.admin_channel_groups;
  const go = (change: { [Name in keyof ChannelsSearch]?: ChannelsSearch[Name] | undefined }) =>
    void navigate({
      to: ".",
      search: ((now: Record<string, unknown>) => {
        const next = changed(now, change as never);
        // A fresh channel is `?add=`: empty, and yet there.
        return change.add === "" ? { ...next, add: "" } : next;
      }) as never,
      resetScroll: false,
    });
  return {
    add,
    test,
    view: hasGroups ? view : undefined,
    isImport: isImport && mayWrite,
    hasGroups,
    go,
  };
}
