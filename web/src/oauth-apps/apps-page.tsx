import { useQuery } from "@tanstack/react-query";
import { AppWindow, Plus } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import type { MadeOauthApp, OauthAppView } from "@/api/types";
import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { useListState } from "@/filter/list-state";
import { useMaking } from "@/filter/making";
import { useMe } from "@/session/use-me";
import { Page } from "@/shell/page";
import { useShortcut } from "@/shell/shortcuts";
import { DataTable } from "@/table/data-table";
import { allRows, type Rows } from "@/table/rows";
import { useAppColumns } from "./app-columns";
import { AppDeed } from "./app-deed";
import { appsQuery } from "./queries";
import { type Deed, useAppActions } from "./use-app-actions";

// What opens over the list is more than the list needs.
const AppSheet = lazy(() => import("./app-sheet"));
const MadeSheet = lazy(() => import("./made-sheet"));
const RotateDialog = lazy(() => import("./rotate-dialog"));

/** The apps that users can let in. Root alone sees the page: whoever sets one up decides where users are sent. */
export function AppsPage() {
  const { t } = useTranslation("oauth_apps");
  const isOn = useMe().features.oauth_apps;
  const state = useListState();
  const sheet = useMaking();
  const { data, error, isPending, refetch } = useQuery(appsQuery);
  const [made, setMade] = useState<MadeOauthApp>();
  const [asked, setAsked] = useState<{ deed: Deed; app: OauthAppView }>();
  const items = data?.items ?? [];
  const rows: Rows<OauthAppView> = {
    ...allRows(items),
    status: error ? "error" : isPending ? "pending" : "success",
    ...(error && { error }),
    retry: () => void refetch(),
  };
  const actions = useAppActions({
    edit: state.setRow,
    ask: (deed, app) => setAsked({ deed, app }),
  });
  useShortcut({ keys: "n", label: t("make"), group: "page" }, () => sheet.make(true));
  const open = sheet.isMaking ? "new" : items.find(({ id }) => id === state.row);
  const make = (
    <Button variant="primary" icon={<Plus aria-hidden="true" />} onClick={() => sheet.make(true)}>
      {t("make")}
    </Button>
  );
  const close = (fresh?: MadeOauthApp) => {
    if (fresh) setMade(fresh);
    if (sheet.isMaking) sheet.make(false);
    else state.setRow(undefined);
  };
  const forget = () => setAsked(undefined);
  return (
    <Page title={t("title")} about={t("about")} actions={make}>
      {!isOn && <Notice tone="warn">{t("off")}</Notice>}
      <DataTable<OauthAppView>
        name="oauth_apps"
        label={t("title")}
        columns={useAppColumns()}
        rows={rows}
        state={state}
        rowId={({ id }) => id}
        rowLabel={({ name }) => name}
        opens="row"
        actions={actions}
        nothing={{ icon: <AppWindow />, title: t("none"), text: t("none_text"), action: make }}
      />
      {open !== undefined && (
        <Suspense fallback={null}>
          <AppSheet open={open} onClose={close} />
        </Suspense>
      )}
      {made && (
        <Suspense fallback={null}>
          <MadeSheet made={made} onClose={() => setMade(undefined)} />
        </Suspense>
      )}
      {asked?.deed === "rotate" && (
        <Suspense fallback={null}>
          <RotateDialog app={asked.app} onClose={forget} onMade={setMade} />
        </Suspense>
      )}
      {asked && asked.deed !== "rotate" && (
        <AppDeed deed={asked.deed} app={asked.app} onClose={forget} />
      )}
    </Page>
  );
}
