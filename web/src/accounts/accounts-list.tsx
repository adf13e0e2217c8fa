import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { IdCard, LogIn } from "lucide-react";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";

import type { AccountView } from "@/api/types";
import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import type { ListState } from "@/filter/list-state";
import { useMay } from "@/session/use-me";
import type { RowAction } from "@/table/column";
import { DataTable } from "@/table/data-table";
import { allRows, type Rows } from "@/table/rows";
import { nameOf, sorted } from "./account";
import { useAccountColumns } from "./account-columns";
import { AccountSheet } from "./account-sheet";
import { ImportAccountSheet } from "./import-account-sheet";
import { LogInSheet, type LogInTo } from "./log-in-sheet";
import { accountsQuery } from "./queries";

interface Props {
  state: ListState;
  /** Only those of this channel. */
  channel?: string;
  /** Puts the buttons and the list where they belong on the page. */
  children: (actions: ReactNode, list: ReactNode) => ReactNode;
}

/** Accounts, the ones that need somebody first, and what can be done with them. */
export function AccountsList({ state, channel, children }: Props) {
  const { t } = useTranslation("accounts");
  const { data, error, refetch, isPending } = useQuery(accountsQuery);
  const maySecrets = useMay("secrets.write");
  const [logIn, setLogIn] = useState<LogInTo>();
  const [isImporting, setImporting] = useState(false);
  const columns = useAccountColumns({ ofOne: channel !== undefined });
  const actions = useRowActions(setLogIn);
  const own = data?.items.filter((one) => channel === undefined || one.channel === channel);
  const rows: Rows<AccountView> = {
    ...allRows(sorted(own ?? [], Date.now())),
    status: error ? "error" : isPending ? "pending" : "success",
    ...(error && { error }),
    retry: () => void refetch(),
  };
  const waiting = own?.filter((one) => one.state === "needs_login").length ?? 0;
  const of = channel === undefined ? {} : { channel };
  const buttons = maySecrets && (
    <div className="flex flex-wrap gap-2">
      <Button onClick={() => setImporting(true)}>{t("import.verb")}</Button>
      <Button variant="primary" onClick={() => setLogIn(of)}>
        {t("log_in.verb")}
      </Button>
    </div>
  );
  return (
    <>
      {children(
        buttons,
        <div className="space-y-4">
          {waiting > 0 && <Notice tone="warn">{t("need_login", { count: waiting })}</Notice>}
          {!maySecrets && <Notice tone="info">{t("root_only")}</Notice>}
          <DataTable
            name={channel === undefined ? "accounts" : "channel_accounts"}
            label={t("title")}
            columns={columns}
            rows={rows}
            state={state}
            rowId={({ id }) => id}
            rowLabel={nameOf}
            opens="row"
            actions={actions}
            nothing={{ icon: <IdCard />, title: t("none"), text: t("none_text") }}
          />
        </div>,
      )}
      <AccountSheet
        id={state.row}
        items={own}
        onClose={() => state.setRow(undefined)}
        onLogIn={(account) => {
          state.setRow(undefined);
          setLogIn(againOf(account));
        }}
      />
      <LogInSheet to={logIn} onClose={() => setLogIn(undefined)} />
      <ImportAccountSheet
        open={isImporting ? (channel === undefined ? {} : { of: channel }) : undefined}
        onClose={() => setImporting(false)}
      />
    </>
  );
}

const againOf = ({ channel, credential }: AccountView): LogInTo => ({
  channel,
  again: credential,
});

/** What can be done with one account of the list; what takes time and may fail is on its sheet. */
function useRowActions(
  logIn: (to: LogInTo) => void,
): (account: AccountView) => readonly RowAction[] {
  const { t } = useTranslation("accounts");
  const navigate = useNavigate();
  const maySecrets = useMay("secrets.write");
  return (account) => {
    const { channel: name } = account;
    const credential: RowAction = {
      id: "credential",
      label: t("act.credential"),
      run: () =>
        void navigate({
          to: "/admin/channels/$name/credentials" as never,
          params: { name } as never,
        }),
    };
    const again: RowAction = {
      id: "log_in",
      label: t("log_in.again"),
      icon: <LogIn />,
      keys: "l",
      run: () => logIn(againOf(account)),
    };
    return maySecrets ? [again, credential] : [credential];
  };
}
