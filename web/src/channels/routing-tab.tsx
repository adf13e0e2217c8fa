import { useTranslation } from "react-i18next";

import type { ChannelView, Dialect } from "@/api/types";
import { Checkbox } from "@/components/ui/checkbox";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Notice } from "@/components/ui/notice";
import { isEnabled } from "@/config/objects";
import { PasswordInput } from "@/form/password-input";
import { useRuleText } from "@/form/rule-text";
import type { Change } from "@/form/save-bar";
import { type LimitsDraft, limitMistakesOf, limitsDraftOf, limitsOf } from "@/limits/limits";
import { DraftLimits } from "@/limits/limits-fields";
import { useLimitChanges } from "@/limits/use-limit-changes";
import { useMay } from "@/session/use-me";
import { Section } from "@/shell/page";
import {
  type Address,
  addressesOf,
  addressForms,
  addressMistake,
  leadsElsewhere,
} from "./addresses";
import { AddressesField } from "./addresses-field";
import { useShownChannel } from "./channel-page";
import { CostField, isCostMultiplier } from "./cost-field";
import { DialectsField } from "./dialects-field";
import { EditBar } from "./edit-bar";
import { GroupsField } from "./groups-field";
import { mostWeight } from "./order-cell";
import { type ProxyDraft, proxyMistake, proxyText } from "./proxy";
import { ProxyField } from "./proxy-field";
import { isHttpUrl, ResolvedView } from "./resolved-view";
import { isSame, useChannelEdit } from "./use-channel-edit";

interface Values {
  enabled: boolean;
  /** As typed. */
  priority: string;
  weight: string;
  promoted: boolean;
  limits: LimitsDraft;
  groups: readonly string[];
  base_url: string;
  endpoints: readonly Address[];
  api_version: string;
  /** As typed; empty: nobody knows. */
  cost_multiplier: string;
  proxy: ProxyDraft;
  dialects: readonly Dialect[];
  /** Of each credential, where an address leads to another host. */
  keys: Readonly<Record<string, string>>;
}

const read = (channel: ChannelView): Values => ({
  enabled: isEnabled(channel),
  priority: String(channel.priority ?? 0),
  weight: String(channel.weight ?? 1),
  promoted: channel.promoted ?? false,
  limits: limitsDraftOf(channel.limits),
  groups: channel.groups ?? [],
  base_url: channel.base_url ?? "",
  endpoints: addressesOf(channel),
  api_version: channel.api_version ?? "",
  cost_multiplier: channel.cost_multiplier ?? "",
  proxy: { proxy: channel.proxy ?? "" },
  dialects: channel.dialects ?? [],
  keys: {},
});

/** When the channel is tried, for whom, and where its calls go. */
export function RoutingTab() {
  const { t } = useTranslation(["channels", "common", "limits"]);
  const { stored } = useShownChannel();
  const mayWrite = useMay("channels.write");
  const maySecrets = useMay("secrets.write");
  const mayPrice = useMay("prices.write");
  const edit = useChannelEdit<Values>(stored, read, write);
  const { values, before, set } = edit;
  const moves = leadsElsewhere(urlsOf(before), urlsOf(values));
  const credentials = stored.value.credentials ?? [];
  const numbers = {
    priority: isWhole(values.priority) ? undefined : t("common:rules.number"),
    weight:
      isWhole(values.weight) && Number(values.weight) >= 0 && Number(values.weight) <= mostWeight
        ? undefined
        : t("channels:order.weight_rule"),
  };
  const words = useRuleText();
  const limitMistake = words(Object.values(limitMistakesOf(values.limits))[0]);
  const urlMistake = isHttpUrl(values.base_url) ? undefined : t("common:rules.url");
  const addressWrong = values.endpoints
    .map((_, at) => addressMistake(at, values.endpoints, values.base_url))
    .find((wrong) => wrong !== undefined);
  const lacksKeys = moves && credentials.some(({ name }) => !values.keys[name]?.trim());
  const isAzure = stored.value.kind === "azure";
  const versionMistake = /^[\w.-]{0,64}$/.test(values.api_version.trim())
    ? undefined
    : t("channels:field.api_version_rule");
  const costMistake = isCostMultiplier(values.cost_multiplier)
    ? undefined
    : t("channels:cost.multiplier_rule");
  const proxyWrong = proxyMistake(values.proxy, before.proxy.proxy);
  const isWrong =
    numbers.priority ??
    numbers.weight ??
    limitMistake ??
    urlMistake ??
    (addressWrong &&
      (addressWrong === "url" ? t("common:rules.url") : t(`channels:addresses.${addressWrong}`))) ??
    versionMistake ??
    costMistake ??
    (proxyWrong && t(`channels:proxy.${proxyWrong === "login" ? "login_rule" : proxyWrong}`));
  const mistake =
    isWrong ??
    (lacksKeys ? (maySecrets ? t("channels:move.keys") : t("channels:move.root")) : undefined);
  const differences = useDifferences();
  return (
    <div className="max-w-240 space-y-8">
      <fieldset disabled={!mayWrite} className="space-y-8">
        <Section title={t("channels:routing.order")}>
          <Checkbox
            checked={values.enabled}
            onChange={(event) => set({ enabled: event.currentTarget.checked })}
            label={t("channels:routing.enabled")}
            help={t("channels:routing.enabled_help")}
          />
          <div className="grid gap-4 sm:grid-cols-2">
            <Field
              label={t("channels:field.priority")}
              help={t("channels:field.priority_help")}
              error={numbers.priority}
            >
              <Input
                inputMode="numeric"
                value={values.priority}
                onChange={(event) => set({ priority: event.target.value })}
              />
            </Field>
            <Field
              label={t("channels:field.weight")}
              help={t("channels:field.weight_help")}
              error={numbers.weight}
            >
              <Input
                inputMode="numeric"
                value={values.weight}
                onChange={(event) => set({ weight: event.target.value })}
              />
            </Field>
          </div>
          <Checkbox
            checked={values.promoted}
            onChange={(event) => set({ promoted: event.currentTarget.checked })}
            label={t("channels:routing.promoted")}
            help={t("channels:routing.promoted_help")}
          />
          <GroupsField value={values.groups} onChange={(groups) => set({ groups })} />
        </Section>
        <Section title={t("limits:title")}>
          <DraftLimits
            owner="channel"
            value={values.limits}
            onChange={(limits) => set({ limits })}
          />
        </Section>
        <Section title={t("channels:cost.title")}>
          <CostField
            value={values.cost_multiplier}
            onChange={(cost_multiplier) => set({ cost_multiplier })}
            error={costMistake}
            fixed={!mayPrice}
          />
        </Section>
        <Section title={t("channels:overview.address")}>
          <Field label={t("channels:field.base_url")} error={urlMistake}>
            <Input
              inputMode="url"
              className="font-mono text-sm"
              value={values.base_url}
              onChange={(event) => set({ base_url: event.target.value })}
            />
          </Field>
          {mayWrite && (
            <ResolvedView
              kind={stored.value.kind}
              baseUrl={values.base_url}
              apiVersion={isAzure ? values.api_version.trim() : undefined}
              dialects={values.dialects}
            />
          )}
          <AddressesField
            value={values.endpoints}
            first={values.base_url}
            onChange={(endpoints) => set({ endpoints })}
          />
          {isAzure && (
            <Field
              label={t("channels:field.api_version")}
              help={t("channels:field.api_version_help")}
              error={versionMistake}
              optional
            >
              <Input
                className="font-mono text-sm"
                value={values.api_version}
                onChange={(event) => set({ api_version: event.target.value })}
              />
            </Field>
          )}
          {maySecrets ? (
            <ProxyField
              label={t("channels:proxy.label")}
              help={t("channels:proxy.help")}
              value={values.proxy}
              stored={before.proxy.proxy}
              onChange={(proxy) => set({ proxy })}
            />
          ) : (
            values.proxy.proxy !== "" && (
              <p className="text-fg-2 text-sm">
                {t("channels:proxy.label")}:{" "}
                <code data-raw="" data-private="" className="font-mono">
                  {values.proxy.proxy}
                </code>
                {" · "}
                {t("channels:proxy.root_only")}
              </p>
            )
          )}
          {moves && (
            <Notice tone="warn" heading={t("channels:move.title")}>
              <p>{maySecrets ? t("channels:move.keys") : t("channels:move.root")}</p>
              {maySecrets && (
                <div className="mt-2 space-y-3">
                  {credentials.map(({ name }) => (
                    <Field key={name} label={t("channels:credential.key_of", { name })}>
                      <PasswordInput
                        autoComplete="new-password"
                        className="font-mono"
                        value={values.keys[name] ?? ""}
                        onChange={(event) =>
                          set({ keys: { ...values.keys, [name]: event.target.value } })
                        }
                      />
                    </Field>
                  ))}
                </div>
              )}
            </Notice>
          )}
          <DialectsField
            kind={stored.value.kind}
            value={values.dialects}
            onChange={(dialects) => set({ dialects })}
          />
        </Section>
      </fieldset>
      <EditBar edit={edit} differences={differences} {...(mistake !== undefined && { mistake })} />
    </div>
  );
}

const isWhole = (text: string) => /^\s*-?\d{1,15}\s*$/.test(text);

const urlsOf = ({ base_url, endpoints }: Pick<Values, "base_url" | "endpoints">) => [
  base_url,
  ...endpoints.map((one) => one.base_url),
];

/** Only what was touched; keys only where an address moves, because then the server wants them anew. */
function write(changed: Partial<Values>, channel: ChannelView) {
  const { enabled, priority, weight, promoted, limits, groups } = changed;
  const { base_url, endpoints, api_version, cost_multiplier, proxy, dialects, keys } = changed;
  const before = urlsOf(read(channel));
  const moves = leadsElsewhere(before, urlsOf({ ...read(channel), ...changed }));
  return {
    ...(enabled !== undefined && { enabled }),
    ...(priority !== undefined && { priority: Number(priority) }),
    ...(weight !== undefined && { weight: Number(weight) }),
    ...(promoted !== undefined && { promoted }),
    ...(limits && { limits: limitsOf(limits) }),
    ...(groups && { groups: [...groups] }),
    ...(base_url !== undefined && { base_url: base_url.trim() }),
    ...(endpoints && { endpoints: addressForms(endpoints) }),
    ...(api_version !== undefined && { api_version: api_version.trim() }),
    ...(cost_multiplier !== undefined && { cost_multiplier: cost_multiplier.trim() }),
    ...(proxy && { proxy: proxyText(proxy) }),
    ...(dialects && { dialects: [...dialects] }),
    ...(moves && {
      credentials: (channel.credentials ?? []).map((one) => ({
        ...one,
        ...(keys?.[one.name] !== undefined && { key: (keys[one.name] ?? "").trim() }),
      })),
    }),
  };
}

function useDifferences(): (before: Values, after: Values) => Change[] {
  const { t } = useTranslation(["channels", "common", "trace"]);
  const limitChanges = useLimitChanges();
  return (before, after) => {
    const yes = (is: boolean) => (is ? t("common:yes") : t("common:no"));
    const speaks = (list: readonly Dialect[]) =>
      list.length === 0
        ? t("channels:dialects_by_kind")
        : list.map((one) => t(`trace:dialect.${one}`)).join(", ");
    const addressText = ({ base_url, priority, enabled }: Address) =>
      `${base_url} (${priority.trim()}${enabled ? "" : `, ${t("channels:addresses.off")}`})`;
    const shown: [string, (values: Values) => string][] = [
      [t("channels:routing.enabled"), ({ enabled }) => yes(enabled)],
      [t("channels:field.priority"), ({ priority }) => priority.trim()],
      [t("channels:field.weight"), ({ weight }) => weight.trim()],
      [t("channels:routing.promoted"), ({ promoted }) => yes(promoted)],
      [t("channels:column.groups"), ({ groups }) => groups.join(", ") || t("common:none")],
      [t("channels:field.base_url"), ({ base_url }) => base_url],
      [
        t("channels:addresses.label"),
        ({ endpoints }) => endpoints.map(addressText).join(", ") || t("common:none"),
      ],
      [t("channels:field.api_version"), ({ api_version }) => api_version.trim()],
      [
        t("channels:cost.multiplier"),
        ({ cost_multiplier }) => cost_multiplier.trim() || t("channels:cost.unknown"),
      ],
      [
        t("channels:proxy.label"),
        ({ proxy }) => {
          const text = proxy.proxy.trim() || t("channels:proxy.none");
          return proxy.login === undefined ? text : `${text} · ${t("channels:proxy.new_login")}`;
        },
      ],
      [t("channels:field.dialects"), ({ dialects }) => speaks(dialects)],
    ];
    const changes = shown.flatMap(([label, text]): Change[] => {
      const change = { label, before: text(before), after: text(after) };
      return isSame(change.before, change.after) ? [] : [change];
    });
    return [...changes, ...limitChanges(before.limits, after.limits)];
  };
}
