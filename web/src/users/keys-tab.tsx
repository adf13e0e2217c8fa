import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Ban, KeyRound, Pencil, Trash2 } from "lucide-react";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";

import { plain } from "@/channel-groups/multiplier";
import { Button } from "@/components/ui/button";
import { Missing } from "@/components/value/missing";
import { Time, TimeAgo } from "@/components/value/time-ago";
import { useLocalListState } from "@/filter/list-state";
import { ConfirmDialog } from "@/form/confirm-dialog";
import { useMostText } from "@/limits/use-most-text";
import { useReauthenticated } from "@/session/reauthentication";
import { type Column, type RowAction, timeWidth } from "@/table/column";
import { DataTable } from "@/table/data-table";
import { allRows, type Rows } from "@/table/rows";
import { KeyEnd, KeyName } from "@/tokens/key-cells";
import { TokenStatus } from "@/tokens/token-status";
import { useRulesText, useSpanText } from "@/tokens/use-rules-text";
import { KeySheet } from "./key-sheet";
import { type ApiKey, apiKeys, keysOfQuery, statusOf } from "./keys";
import { refreshPeople } from "./queries";
import { useRights } from "./rights";
import { useShownUser } from "./user-page";

type Deed = "enable" | "disable" | "revoke" | "remove";

interface Asked {
  deed: Deed;
  key: ApiKey;
}

/** The API keys of the user: made, changed, switched off and on, revoked, deleted. */
export function KeysTab() {
  const { t } = useTranslation(["users", "tokens"]);
  const user = useShownUser();
  const rights = useRights()(user);
  const { data, error, isPending, refetch } = useQuery(keysOfQuery(user.username));
  const [asked, setAsked] = useState<Asked>();
  const [edited, setEdited] = useState<ApiKey | "new">();
  const rows: Rows<ApiKey> = {
    ...allRows(data ?? []),
    status: error ? "error" : isPending ? "pending" : "success",
    ...(error && { error }),
    retry: () => void refetch(),
  };
  const make = (
    <Button disabledReason={rights.makeKey} onClick={() => setEdited("new")}>
      {t("tokens:make")}
    </Button>
  );
  return (
    <div className="space-y-3">
      <DataTable
        name="user_keys"
        label={t("users:tab.keys")}
        columns={useKeyColumns()}
        rows={rows}
        state={useLocalListState()}
        rowId={({ id }) => id}
        rowLabel={({ name }) => name}
        actions={(key) => actionsOn(key)}
        toolbar={make}
        nothing={{
          icon: <KeyRound />,
          title: t("users:keys.none"),
          text: t("users:keys.none_text"),
        }}
      />
      <KeySheet user={user} edited={edited} onClose={() => setEdited(undefined)} />
      <KeyDeed asked={asked} onClose={() => setAsked(undefined)} />
    </div>
  );

  function actionsOn(key: ApiKey): RowAction[] {
    const status = statusOf(key);
    const locked = rights.changeKeys;
    const dead = locked ?? (status === "revoked" ? t("tokens:is_revoked") : undefined);
    const deed = (deed: Deed, reason: string | undefined) => ({
      id: deed,
      label: t(`tokens:${deed}`),
      icon: deed === "remove" ? <Trash2 /> : <Ban />,
      ...(reason !== undefined && { disabledReason: reason }),
      run: () => setAsked({ deed, key }),
    });
    return [
      {
        id: "edit",
        label: t("tokens:change"),
        icon: <Pencil />,
        keys: "e",
        ...(dead !== undefined && { disabledReason: dead }),
        run: () => setEdited(key),
      },
      deed(status === "disabled" ? "enable" : "disable", dead),
      { ...deed("revoke", dead), danger: true },
      { ...deed("remove", locked), danger: true },
    ];
  }
}

function KeyDeed({ asked, onClose }: { asked: Asked | undefined; onClose: () => void }) {
  const { t } = useTranslation(["users", "tokens"]);
  const queries = useQueryClient();
  const known = useReauthenticated();
  if (!asked) return null;
  const { deed, key } = asked;
  const run = () => {
    if (deed === "revoke") return apiKeys.revoke(key);
    if (deed === "remove") return apiKeys.remove(key);
    return apiKeys.setEnabled(key, deed === "enable");
  };
  return (
    <ConfirmDialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t(`tokens:deed.${deed}.title`, { name: key.name })}
      consequence={t(`users:keys.${deed}`, { user: key.user })}
      verb={t(`tokens:${deed}`)}
      harmless={deed === "enable"}
      onConfirm={async () => {
        await known<unknown>(run);
        await refreshPeople(queries);
      }}
    />
  );
}

function useKeyColumns(): readonly Column<ApiKey>[] {
  const { t } = useTranslation(["tokens", "users", "limits"]);
  const [rulesText, spanText, mostText] = [useRulesText(), useSpanText(), useMostText()];
  // biome-ignore lint/correctness/useExhaustiveDependencies: the words change with the language only
  return useMemo(
    (): readonly Column<ApiKey>[] => [
      {
        id: "name",
        isPrivate: true,
        header: t("tokens:column.name"),
        cell: ({ name, rules }) => <KeyName name={name} rules={rules} />,
        text: ({ name }) => name,
        width: 200,
        grows: true,
        card: "title",
      },
      {
        id: "hint",
        header: t("tokens:column.key"),
        cell: ({ hint }) => <code className="font-mono text-sm">{`sk-…${hint}`}</code>,
        text: ({ hint }) => `sk-…${hint}`,
        width: 110,
        card: "figure",
      },
      {
        id: "status",
        header: t("tokens:column.status"),
        cell: (key) => <TokenStatus token={{ status: statusOf(key) }} />,
        text: (key) => statusOf(key),
        width: 110,
        card: "badge",
      },
      {
        id: "ends_at",
        header: t("tokens:column.ends"),
        help: t("tokens:column.ends_help"),
        cell: ({ rules }) => <KeyEnd rules={rules} endsAt={rules?.expires_at} />,
        text: ({ rules }) => rules?.expires_at ?? spanText(rules) ?? "",
        width: 160,
      },
      {
        id: "groups",
        header: t("tokens:column.groups"),
        help: t("tokens:column.groups_help"),
        cell: ({ channel_groups = [] }) =>
          channel_groups.length === 0 ? (
            <span className="text-fg-3">{t("users:keys.all_groups")}</span>
          ) : (
            <bdi data-raw="">{channel_groups.join(" → ")}</bdi>
          ),
        text: ({ channel_groups = [] }) => channel_groups.join(" "),
        width: 200,
      },
      {
        id: "rules",
        header: t("tokens:rules.title"),
        cell: ({ rules }) => (
          <bdi data-raw="">{rulesText(rules) || t("tokens:rules.everything")}</bdi>
        ),
        text: ({ rules }) => rulesText(rules) || t("tokens:rules.everything"),
        width: 200,
        hidden: true,
      },
      {
        id: "limits",
        header: t("limits:title"),
        cell: (key) => mostText(key) || <Missing reason={t("limits:none")} />,
        text: mostText,
        width: 200,
        hidden: true,
      },
      {
        id: "multiplier",
        header: t("users:keys.multiplier"),
        cell: ({ multiplier }) => <span className="num">{`×${plain(multiplier)}`}</span>,
        text: ({ multiplier }) => plain(multiplier),
        width: 110,
        align: "end",
        hidden: true,
      },
      {
        id: "last_used_at",
        header: t("tokens:column.last_used"),
        cell: ({ last_used_at }) => (
          <TimeAgo time={last_used_at} missing={t("tokens:never_used")} />
        ),
        text: ({ last_used_at }) => last_used_at ?? "",
        width: 130,
        card: "figure",
      },
      {
        id: "created_at",
        header: t("tokens:column.created"),
        cell: ({ created_at }) => <Time time={created_at} />,
        text: ({ created_at }) => created_at,
        width: timeWidth,
      },
    ],
    [t],
  );
}
