import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Ban, Eye, KeyRound, Pencil, Plug, RefreshCw, Trash2 } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { MadeToken, TokenView } from "@/api/types";
import { idsOfAll, matching } from "@/batch/queries";
import { useBulk } from "@/batch/use-bulk";
import { Button } from "@/components/ui/button";
import { FilterBar } from "@/filter/filter-bar";
import { useListState } from "@/filter/list-state";
import { ConfirmDialog } from "@/form/confirm-dialog";
import { BudgetBars } from "@/limits/budget-bars";
import { ownBudgetsQuery } from "@/limits/budget-queries";
import { useReauthenticated } from "@/session/reauthentication";
import { Page, Section } from "@/shell/page";
import { useOpens } from "@/shell/use-opens";
import type { RowAction } from "@/table/column";
import { DataTable } from "@/table/data-table";
import { useListQuery } from "@/table/list-query";
import { MadeSheet } from "./made-sheet";
import { fetchTokens, refreshTokens, tokens } from "./queries";
import { RevealedDialog } from "./revealed-dialog";
import { useTokenColumns } from "./token-columns";
import { TokenSheet } from "./token-sheet";

type Deed = "disable" | "enable" | "rotate" | "revoke" | "remove";

const defaults = { sort: "-created_at" };

/** One's own API keys. */
export function TokensPage() {
  const { t } = useTranslation("tokens");
  const state = useListState(defaults);
  const { rows } = useListQuery<TokenView>({
    key: ["tokens", "list"],
    state,
    fetchPage: fetchTokens,
  });
  const [edited, setEdited] = useState<TokenView | "new">();
  const [made, setMade] = useState<MadeToken>();
  const [revealed, setRevealed] = useState<MadeToken>();
  const [deed, setDeed] = useState<{ deed: Deed; token: TokenView }>();
  const actions = useActions({ edit: setEdited, ask: setDeed, show: setRevealed });
  const queries = useQueryClient();
  const bulk = useBulk({
    subject: "own",
    acts: ["enable", "disable", "limits", "revoke", "delete"],
    allIds: (signal) =>
      idsOfAll({ query: matching(state), fetchPage: fetchTokens, idOf: ({ id }) => id, signal }),
    refresh: () => refreshTokens(queries),
  });
  const make = (
    <Button variant="primary" onClick={() => setEdited("new")}>
      {t("make")}
    </Button>
  );
  return (
    <Page title={t("title")} about={t("about")} actions={make}>
      <Budgets />
      <div>
        <FilterBar
          views="tokens"
          state={state}
          fields={[
            {
              name: "status",
              label: t("column.status"),
              kind: "choice",
              values: (["active", "disabled", "expired", "revoked"] as const).map((value) => ({
                value,
                label: t(`status.${value}`),
              })),
            },
          ]}
        />
        <DataTable
          name="tokens"
          label={t("title")}
          columns={useTokenColumns()}
          rows={rows}
          state={state}
          rowId={({ id }) => id}
          rowLabel={({ name }) => name}
          opens={setEdited}
          actions={actions}
          bulk={bulk.bar}
          nothing={{ icon: <KeyRound />, title: t("none"), text: t("about"), action: make }}
        />
      </div>
      {bulk.sheet}
      <TokenSheet token={edited} onClose={() => setEdited(undefined)} onMade={setMade} />
      <MadeSheet made={made} onClose={() => setMade(undefined)} />
      <RevealedDialog revealed={revealed} onClose={() => setRevealed(undefined)} />
      <DeedDialog asked={deed} onClose={() => setDeed(undefined)} onMade={setMade} />
    </Page>
  );
}

/** What is used of each budget; nothing where there is none. */
function Budgets() {
  const { t } = useTranslation("limits");
  const budgets = useQuery(ownBudgetsQuery).data?.budgets ?? [];
  if (budgets.length === 0) return null;
  return (
    <Section title={t("budgets.title")} about={t("budgets.note")}>
      <BudgetBars budgets={budgets} />
    </Section>
  );
}

function useActions(props: {
  edit: (token: TokenView) => void;
  ask: (asked: { deed: Deed; token: TokenView }) => void;
  show: (made: MadeToken) => void;
}): (token: TokenView) => readonly RowAction[] {
  const { t } = useTranslation("tokens");
  const navigate = useNavigate();
  const known = useReauthenticated();
  const opens = useOpens();
  return (token) => {
    const revoked = token.status === "revoked";
    const reason = revoked ? { disabledReason: t("is_revoked") } : {};
    const ended = token.status === "expired" ? { disabledReason: t("has_ended") } : reason;
    const ask = (deed: Deed) => () => props.ask({ deed, token });
    const connect = () =>
      void navigate({ to: "/connect" as never, search: { key: token.id } as never });
    const reveal = async () => {
      const { key } = await known(() => tokens.reveal(token.id));
      props.show({ token, key });
    };
    return [
      ...(opens("/connect")
        ? [{ id: "connect", label: t("connect"), icon: <Plug />, ...ended, run: connect }]
        : []),
      {
        id: "reveal",
        label: t("reveal"),
        icon: <Eye />,
        ...(!token.revealable && { disabledReason: t("not_revealable") }),
        ...reason,
        run: () => void reveal().catch(() => undefined), // the dialog in between has told why
      },
      {
        id: "edit",
        label: t("change"),
        icon: <Pencil />,
        keys: "e",
        ...reason,
        run: () => props.edit(token),
      },
      { id: "rotate", label: t("rotate"), icon: <RefreshCw />, ...reason, run: ask("rotate") },
      token.enabled
        ? { id: "disable", label: t("disable"), icon: <Ban />, ...reason, run: ask("disable") }
        : { id: "enable", label: t("enable"), icon: <Ban />, ...reason, run: ask("enable") },
      {
        id: "revoke",
        label: t("revoke"),
        icon: <Ban />,
        danger: true,
        ...reason,
        run: ask("revoke"),
      },
      { id: "remove", label: t("remove"), icon: <Trash2 />, danger: true, run: ask("remove") },
    ];
  };
}

function DeedDialog(props: {
  asked: { deed: Deed; token: TokenView } | undefined;
  onClose: () => void;
  onMade: (made: MadeToken) => void;
}) {
  const { t } = useTranslation("tokens");
  const queries = useQueryClient();
  const { asked, onClose } = props;
  if (!asked) return null;
  const { deed, token } = asked;
  const run = async () => {
    if (deed === "rotate") props.onMade(await tokens.rotate(token.id));
    else if (deed === "revoke") await tokens.revoke(token.id);
    else if (deed === "remove") await tokens.remove(token.id);
    else await tokens.change(token.id, { enabled: deed === "enable" });
    await refreshTokens(queries);
  };
  return (
    <ConfirmDialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t(`deed.${deed}.title`, { name: token.name })}
      consequence={t(`deed.${deed}.text`, { count: token.usage_30d?.calls ?? 0 })}
      verb={t(deed)}
      harmless={deed === "enable"}
      onConfirm={run}
    />
  );
}
