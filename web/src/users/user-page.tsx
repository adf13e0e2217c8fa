import { useQuery } from "@tanstack/react-query";
import { Outlet, useNavigate, useRouterState } from "@tanstack/react-router";
import { createContext, useContext } from "react";
import { useTranslation } from "react-i18next";

import type { Me, UserRow } from "@/api/types";
import { Badge } from "@/components/ui/badge";
import { ErrorState } from "@/components/ui/error-state";
import { Skeleton } from "@/components/ui/skeleton";
import { StatusBadge } from "@/components/ui/status-badge";
import { Tabs, TabsContent, TabsList, TabsTrigger } from "@/components/ui/tabs";
import { may } from "@/session/session";
import { useMe } from "@/session/use-me";
import { Page } from "@/shell/page";
import { personQuery } from "./queries";

const tabs = ["overview", "keys", "usage", "balance", "sessions", "audit"] as const;
type UserTab = (typeof tabs)[number];

const ShownUser = createContext<UserRow | undefined>(undefined);

/** The user of the page around the tab. */
export function useShownUser(): UserRow {
  const shown = useContext(ShownUser);
  if (!shown) throw new Error("outside of a user's page");
  return shown;
}

/** One user: who it is on top, what belongs to them in tabs with addresses of their own. */
export function UserPage({ name }: { name: string }) {
  const { t } = useTranslation(["users", "shell"]);
  const me = useMe();
  const { data: user, error, refetch } = useQuery(personQuery(name));
  const { tab, setTab } = useTab(name);
  if (!user) {
    return (
      <Page title={name} isPrivate>
        {error ? (
          <ErrorState error={error} onRetry={() => void refetch()} />
        ) : (
          <div aria-busy="true">
            <span role="status" className="sr-only">
              {t("users:loading")}
            </span>
            <Skeleton className="h-64" />
          </div>
        )}
      </Page>
    );
  }
  const state = user.enabled ? "enabled" : "disabled";
  return (
    <Page
      title={user.username}
      aside={
        <>
          <Badge tone={user.role === "user" ? "neutral" : "info"}>
            {t(`shell:role.${user.role}`)}
          </Badge>
          <StatusBadge
            status={user.enabled ? "ok" : "disabled"}
            word={t(`users:status.${state}`)}
          />
          {user.id === me.id && <span className="text-fg-2 text-sm">{t("users:is_you")}</span>}
        </>
      }
    >
      <Tabs value={tab} onValueChange={setTab} activationMode="manual">
        <TabsList aria-label={t("users:tabs")}>
          {tabs
            .filter((one) => isOpenTo(one, me))
            .map((one) => (
              <TabsTrigger key={one} value={one}>
                {t(`users:tab.${one}`)}
              </TabsTrigger>
            ))}
        </TabsList>
        {tabs.map((one) => (
          <TabsContent key={one} value={one} className="mt-6">
            {one === tab && (
              <ShownUser value={user}>
                <Outlet />
              </ShownUser>
            )}
          </TabsContent>
        ))}
      </Tabs>
    </Page>
  );
}

/** Whether the reader may see what the tab shows. */
function isOpenTo(tab: UserTab, me: Me): boolean {
  if (tab === "balance") return me.features.billing;
  if (tab === "usage") return may(me, "usage.read") && me.features.admin_usage;
  return tab !== "audit" || may(me, "audit.read");
}

/** Each tab is a route below the user's; the overview is the one without a name. */
function useTab(name: string): { tab: UserTab; setTab: (tab: string) => void } {
  const route: string = useRouterState({ select: ({ matches }) => matches.at(-1)?.routeId ?? "" });
  const navigate = useNavigate();
  return {
    tab: tabs.find((one) => route.endsWith(`/$name/${one}`)) ?? "overview",
    setTab: (tab) =>
      void navigate({
        to: `/admin/users/$name${tab === "overview" ? "" : `/${tab}`}` as never,
        params: { name } as never,
      }),
  };
}
