import { useQueryClient } from "@tanstack/react-query";
import { Outlet } from "@tanstack/react-router";
import { lazy, Suspense, useEffect, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";

import { ApiProblem } from "@/api/problem";
import { Toaster } from "@/components/toaster";
import { TimeZone } from "@/components/value/time-zone";
import { accountLayouts } from "@/session/layouts";
import { isFlag, isText, usePreference } from "@/session/preferences";
import { ReauthenticationProvider } from "@/session/reauthentication";
import { useBootstrap, useMe } from "@/session/use-me";
import { LayoutStoreContext } from "@/table/preferences";
import { Announcements } from "./announcements";
import { Drawer } from "./drawer";
import { ErrorPage } from "./error-page";
import { GoShortcuts } from "./go-shortcuts";
import { entryOf, isOn, isOpenTo } from "./nav";
import { togglePrivacy } from "./privacy";
import { ShortcutList } from "./shortcut-list";
import { enableShortcuts, pressKey, useShortcut } from "./shortcuts";
import { Sidebar } from "./sidebar";
import { SkipLink } from "./skip-link";
import { TabBar } from "./tab-bar";
import { TopBar } from "./top-bar";
import { UrgentNews } from "./urgent-news";
import { useHasSidebar } from "./use-media";
import { usePath } from "./use-nav";

const Palette = lazy(() => import("./palette"));

/** The frame around every page of a signed-in user. */
export function Shell() {
  const hasSidebar = useHasSidebar();
  const [drawer, setDrawer] = useState(false);
  const [palette, setPalette] = useState(false);
  const [shortcuts, setShortcuts] = useState(false);
  const queries = useQueryClient();
  const layouts = useMemo(() => accountLayouts(queries), [queries]);
  const [zone] = usePreference("time_zone", isText, "browser");
  useKeys(
    () => setPalette(true),
    () => setShortcuts(true),
  );
  return (
    <TimeZone value={zone === "browser" ? undefined : zone}>
      <LayoutStoreContext value={layouts}>
        <ReauthenticationProvider>
          <SkipLink />
          <div className="flex min-h-dvh">
            {hasSidebar && <Sidebar />}
            <div className="flex min-w-0 flex-1 flex-col">
              <TopBar onSearch={() => setPalette(true)} onShortcuts={() => setShortcuts(true)} />
              <UrgentNews />
              <main
                id="content"
                tabIndex={-1}
                className="flex-1 px-3 py-4 outline-none max-md:pb-20 sm:px-4 lg:p-6"
              >
                <OpenPage />
              </main>
            </div>
          </div>
          {!hasSidebar && <TabBar onMore={() => setDrawer(true)} />}
          <Drawer open={drawer && !hasSidebar} onOpenChange={setDrawer} />
          <GoShortcuts />
          <ShortcutList open={shortcuts} onOpenChange={setShortcuts} />
          {palette && (
            <Suspense fallback={null}>
              <Palette onClose={() => setPalette(false)} onShortcuts={() => setShortcuts(true)} />
            </Suspense>
          )}
          <Announcements />
          <Toaster />
        </ReauthenticationProvider>
      </LayoutStoreContext>
    </TimeZone>
  );
}

/** The page, or why it is not for this reader: a link from elsewhere may lead to a part that is switched off. */
function OpenPage() {
  const me = useMe();
  const site = useBootstrap();
  const entry = entryOf(usePath());
  if (!entry || isOpenTo(entry, me, site)) return <Outlet />;
  const code = isOn(entry, me, site) ? "forbidden" : "feature_off";
  return <ErrorPage error={new ApiProblem({ code })} />;
}

function useKeys(onPalette: () => void, onShortcuts: () => void) {
  const { t } = useTranslation("shell");
  const [singleKeys] = usePreference("single_keys", isFlag, true);
  useEffect(() => enableShortcuts(singleKeys), [singleKeys]);
  useShortcut({ keys: "?", label: t("shortcuts.help"), group: "everywhere" }, onShortcuts);
  useShortcut({ keys: "shift+m", label: t("privacy"), group: "everywhere" }, togglePrivacy);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k" && !event.altKey) {
        event.preventDefault();
        onPalette();
      } else {
        pressKey(event);
      }
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  });
}
