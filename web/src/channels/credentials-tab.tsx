import { useQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";

import { accountsQuery } from "@/accounts/queries";
import type { ChannelView, CredentialDraft } from "@/api/types";
import { Button } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { Notice } from "@/components/ui/notice";
import { Skeleton } from "@/components/ui/skeleton";
import { isEnabled } from "@/config/objects";
import type { Change } from "@/form/save-bar";
import { loadTexts } from "@/i18n";
import { isSameLimits, limitMistakesOf, limitsDraftOf, limitsOf } from "@/limits/limits";
import { useLimitChanges } from "@/limits/use-limit-changes";
import { useMay } from "@/session/use-me";
import { Section } from "@/shell/page";
import { useShownChannel } from "./channel-page";
import { CredentialRow, type Draft } from "./credential-row";
import { EditBar } from "./edit-bar";
import { proxyMistake, proxyText } from "./proxy";
import { useChannelEdit } from "./use-channel-edit";

const ChannelAccounts = lazy(async () => {
  await loadTexts("accounts", "table");
  return import("@/accounts/channel-accounts");
});

interface Values {
  credentials: Draft[];
}

/** The secrets of a channel: set, replaced, switched off, removed, and never read back. */
export function CredentialsTab() {
  const { t } = useTranslation("channels");
  const { stored, status } = useShownChannel();
  const isCodex = stored.value.kind === "codex";
  const accounts = useQuery({ ...accountsQuery, enabled: isCodex }).data?.items ?? [];
  const maySecrets = useMay("secrets.write");
  const mayWrite = useMay("channels.write");
  const edit = useChannelEdit<Values>(
    stored,
    ({ credentials = [] }) => ({
      credentials: credentials.map((one) => ({
        name: one.name,
        enabled: isEnabled(one),
        limits: limitsDraftOf(one.limits),
        ...(one.proxy && { proxy: one.proxy }),
      })),
    }),
    ({ credentials }, channel) => ({
      ...(credentials && { credentials: credentials.map((one) => sent(one, channel)) }),
    }),
  );
  const { credentials } = edit.values;
  const change = (changed: Draft, part: Partial<Draft>) =>
    edit.set({
      credentials: credentials.map((one) => (one === changed ? { ...one, ...part } : one)),
    });
  const add = () => {
    const name = freshName(credentials);
    edit.set({
      credentials: [...credentials, { name, enabled: true, fresh: name, limits: limitsDraftOf() }],
    });
  };
  const storedProxy = (name: string) =>
    edit.before.credentials.find((one) => one.name === name)?.proxy ?? undefined;
  const mistake = mistakeOf(credentials, storedProxy);
  const differences = useDifferences();
  return (
    <div className="max-w-240 space-y-6">
      {isCodex && (
        <Suspense fallback={<Skeleton className="h-40" />}>
          <ChannelAccounts channel={stored.value.name} />
        </Suspense>
      )}
      {!maySecrets && <Notice tone="info">{t("credential.root_only")}</Notice>}
      <Section
        title={t("column.credentials")}
        about={t("credential.about")}
        actions={
          maySecrets && (
            <Button size="sm" icon={<Plus aria-hidden="true" />} onClick={add}>
              {t("credential.add")}
            </Button>
          )
        }
      >
        {credentials.length === 0 ? (
          <Empty title={t("overview.no_credentials")} text={t("todo.credentials")} />
        ) : (
          <ul
            aria-label={t("column.credentials")}
            className="divide-y divide-line rounded-panel border border-line bg-surface"
          >
            {credentials.map((credential) => (
              <CredentialRow
                key={credential.fresh ? `new ${credential.fresh}` : credential.name}
                credential={credential}
                state={
                  credential.fresh === undefined
                    ? status?.credentials.find(({ name }) => name === credential.name)
                    : undefined
                }
                isAccount={
                  credential.fresh === undefined &&
                  accounts.some(
                    (one) =>
                      one.channel === stored.value.name && one.credential === credential.name,
                  )
                }
                storedProxy={storedProxy(credential.name)}
                maySecrets={maySecrets}
                mayWrite={mayWrite}
                onChange={(part) => change(credential, part)}
                onRemove={() =>
                  edit.set({ credentials: credentials.filter((one) => one !== credential) })
                }
              />
            ))}
          </ul>
        )}
      </Section>
      <EditBar
        edit={edit}
        differences={differences}
        {...(mistake && { mistake: t(`credential.mistake.${mistake}`) })}
      />
    </div>
  );
}

/** As the server takes it; without a key it keeps the one it has, and without limits those that it has. */
function sent(credential: Draft, channel: ChannelView): CredentialDraft {
  const { name, key, enabled, limits, proxy, login, fresh } = credential;
  const stored = channel.credentials?.find((one) => fresh === undefined && one.name === name);
  const areSame = isSameLimits(limits, limitsDraftOf(stored?.limits));
  return {
    name: name.trim(),
    ...(enabled !== undefined && { enabled }),
    ...(typeof key === "string" && { key: key.trim() }),
    ...(typeof proxy === "string" && { proxy: proxyText({ proxy, login }) }),
    ...(!areSame && { limits: limitsOf(limits) }),
  };
}

/** The first of k1, k2, … that is free. */
function freshName(credentials: readonly Draft[]): string {
  const names = new Set(credentials.map(({ name }) => name));
  let number = credentials.length + 1;
  while (names.has(`k${number}`)) number += 1;
  return `k${number}`;
}

function mistakeOf(
  credentials: readonly Draft[],
  storedProxy: (name: string) => string | undefined,
) {
  const names = credentials.map(({ name }) => name.trim());
  if (names.includes("")) return "name";
  if (new Set(names).size < names.length) return "taken";
  const isKeyless = credentials.some(({ fresh, key }) => fresh !== undefined && !key?.trim());
  if (isKeyless) return "key";
  const isWrong = ({ name, proxy, login }: Draft) =>
    typeof proxy === "string" && proxyMistake({ proxy, login }, storedProxy(name)) !== undefined;
  if (credentials.some(isWrong)) return "proxy";
  const isNoLimit = ({ limits }: Draft) => Object.keys(limitMistakesOf(limits)).length > 0;
  return credentials.some(isNoLimit) ? "limits" : undefined;
}

/** What differs; of a key only that it does. */
function useDifferences(): (before: Values, after: Values) => Change[] {
  const { t } = useTranslation(["channels", "common"]);
  const limitChanges = useLimitChanges();
  return (before, after) => {
    const word = (one: Draft | undefined) => {
      if (!one) return t("common:none");
      return isEnabled(one) ? t("common:on") : t("common:off");
    };
    const find = (values: Values, name: string) =>
      values.credentials.find((one) => one.name === name);
    const names = new Set([...before.credentials, ...after.credentials].map(({ name }) => name));
    return [...names].flatMap((name): Change[] => {
      const [old, now] = [find(before, name), find(after, name)];
      const state =
        word(old) === word(now) ? [] : [{ label: name, before: word(old), after: word(now) }];
      const limits = now ? limitChanges(old?.limits ?? limitsDraftOf(), now.limits, name) : [];
      const way = (one: Draft | undefined) => {
        const text = one?.proxy?.trim() || t("channels:proxy.none");
        return one?.login === undefined ? text : `${text} · ${t("channels:proxy.new_login")}`;
      };
      if (old && now && way(old) !== way(now)) {
        state.push({
          label: t("channels:proxy.of", { name }),
          before: way(old),
          after: way(now),
        });
      }
      const isNew = old && now?.key !== undefined;
      if (!isNew) return [...state, ...limits];
      const label = t("channels:credential.key_of", { name });
      const key = {
        label,
        before: t("common:secret.set"),
        after: t("channels:credential.new_key"),
      };
      return [...state, key, ...limits];
    });
  };
}
