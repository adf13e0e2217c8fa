import { useQuery } from "@tanstack/react-query";
import { Outlet, useNavigate, useRouterState, useSearch } from "@tanstack/react-router";
import { createContext, useContext, useState } from "react";
import { useTranslation } from "react-i18next";

import type { Tagged } from "@/api/client";
import type { ChannelStatus, ChannelView } from "@/api/types";
import { Button } from "@/components/ui/button";
import { ErrorState } from "@/components/ui/error-state";
import { Skeleton } from "@/components/ui/skeleton";
import { Tabs, TabsContent, TabsList, TabsTrigger } from "@/components/ui/tabs";
import { isEnabled } from "@/config/objects";
import { useMay } from "@/session/use-me";
import { Page } from "@/shell/page";
import { KindBadge } from "./channel-columns";
import { ChannelState } from "./channel-state";
import { channelSearch } from "./channels-search";
import { type Deed, DeedDialog } from "./deed-dialog";
import { channelQuery, useChannelStatus } from "./queries";
import { TestSheet } from "./test-sheet";

const tabs = [
  "overview",
  "models",
  "credentials",
  "routing",
  "options",
  "tests",
  "danger",
] as const;
export type ChannelTab = (typeof tabs)[number];

interface Shown {
  stored: Tagged<ChannelView>;
  status: ChannelStatus | undefined;
  /** Opens the test of these models, or of all. */
  test: (models?: readonly string[]) => void;
}

const ShownChannel = createContext<Shown | undefined>(undefined);

/** The channel of the page around the tab. */
export function useShownChannel(): Shown {
  const shown = useContext(ShownChannel);
  if (!shown) throw new Error("outside of a channel's page");
  return shown;
}

/** One channel: its state on top, its parts in tabs with addresses of their own. */
export function ChannelPage({ name }: { name: string }) {
  const { data, error, refetch } = useQuery(channelQuery(name));
  const { byName } = useChannelStatus();
  // A channel may also be addressed by its id.
  const status = data && byName.get(data.value.name);
  if (data) return <Head key={name} name={name} stored={data} status={status} />;
  return (
    <Page title={name} isPrivate>
      {error ? (
        <ErrorState error={error} onRetry={() => void refetch()} />
      ) : (
        <Skeleton className="h-64" />
      )}
    </Page>
  );
}

function Head(props: { name: string; stored: Tagged<ChannelView>; status: Shown["status"] }) {
  const { t } = useTranslation("channels");
  const { name, stored, status } = props;
  const channel = stored.value;
  const mayWrite = useMay("channels.write");
  const navigate = useNavigate();
  const { tab, setTab } = useTab(name);
  const { test: tested, depth } = channelSearch(useSearch({ strict: false }));
  const [deed, setDeed] = useState<Deed>();
  const toggle: Deed = isEnabled(channel) ? "disable" : "enable";
  const setTest = (test: true | string[] | undefined, depth?: "scan") =>
    void navigate({
      to: ".",
      search: ((now: object) => ({ ...now, test, depth })) as never,
      resetScroll: false,
    });
  const shown: Shown = {
    stored,
    status,
    test: (models) => setTest(models ? [...models] : true),
  };
  return (
    <Page
      title={channel.name}
      aside={
        <>
          <KindBadge kind={channel.kind} />
          <ChannelState status={status} />
        </>
      }
      actions={
        <>
          {mayWrite && <Button onClick={() => setDeed(toggle)}>{t(`deed.${toggle}.verb`)}</Button>}
          <Button onClick={() => setTest(true, "scan")}>{t("scan.verb")}</Button>
          <Button variant="primary" onClick={() => setTest(true)}>
            {t("test.verb")}
          </Button>
        </>
      }
    >
      <Tabs value={tab} onValueChange={(next) => setTab(next)} activationMode="manual">
        <TabsList aria-label={t("tabs")}>
          {tabs
            .filter((one) => one !== "danger" || mayWrite)
            .map((one) => (
              <TabsTrigger key={one} value={one}>
                {t(`tab.${one}`)}
              </TabsTrigger>
            ))}
        </TabsList>
        {tabs.map((one) => (
          <TabsContent key={one} value={one} className="mt-6">
            {one === tab && (
              <ShownChannel value={shown}>
                <Outlet />
              </ShownChannel>
            )}
          </TabsContent>
        ))}
      </Tabs>
      <TestSheet
        name={tested === undefined ? undefined : channel.name}
        models={Array.isArray(tested) ? tested : undefined}
        depth={depth}
        onClose={() => setTest(undefined)}
      />
      {deed && (
        <DeedDialog
          deed={deed}
          channel={channel}
          status={status}
          onClose={() => setDeed(undefined)}
        />
      )}
    </Page>
  );
}

/** Each tab is a route below the channel's; the overview is the one without a name. */
function useTab(name: string): { tab: ChannelTab; setTab: (tab: string) => void } {
  const route: string = useRouterState({ select: ({ matches }) => matches.at(-1)?.routeId ?? "" });
  const navigate = useNavigate();
  return {
    tab: tabs.find((one) => route.endsWith(`/$name/${one}`)) ?? "overview",
    setTab: (tab) =>
      void navigate({
        to: `/admin/channels/$name${tab === "overview" ? "" : `/${tab}`}` as never,
        params: { name } as never,
      }),
  };
}
