import { Plus, Trash2 } from "lucide-react";
import { useTranslation } from "react-i18next";

import type { ChannelStatus, CredentialDraft } from "@/api/types";
import { Button } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Notice } from "@/components/ui/notice";
import { Switch } from "@/components/ui/switch";
import { isEnabled } from "@/config/objects";
import type { Change } from "@/form/save-bar";
import { SecretInput } from "@/form/secret-input";
import { useMay } from "@/session/use-me";
import { Section } from "@/shell/page";
import { useShownChannel } from "./channel-page";
import { PartState } from "./channel-state";
import { EditBar } from "./edit-bar";
import { proxyMistake, proxyText } from "./proxy";
import { ProxyField } from "./proxy-field";
import { useChannelEdit } from "./use-channel-edit";

/** A credential being edited; `fresh` tells apart those that are not saved yet. */
interface Draft extends CredentialDraft {
  fresh?: string;
  /** A new login of its proxy. */
  login?: string | undefined;
}

interface Values {
  credentials: Draft[];
}

/** The secrets of a channel: set, replaced, switched off, removed, and never read back. */
export function CredentialsTab() {
  const { t } = useTranslation("channels");
  const { stored, status } = useShownChannel();
  const maySecrets = useMay("secrets.write");
  const mayWrite = useMay("channels.write");
  const edit = useChannelEdit<Values>(
    stored,
    ({ credentials = [] }) => ({
      credentials: credentials.map((one) => ({
        name: one.name,
        enabled: isEnabled(one),
        ...(one.proxy && { proxy: one.proxy }),
      })),
    }),
    ({ credentials }) => ({ ...(credentials && { credentials: credentials.map(sent) }) }),
  );
  const { credentials } = edit.values;
  const change = (changed: Draft, part: Partial<Draft>) =>
    edit.set({
      credentials: credentials.map((one) => (one === changed ? { ...one, ...part } : one)),
    });
  const add = () => {
    const name = freshName(credentials);
    edit.set({ credentials: [...credentials, { name, enabled: true, fresh: name }] });
  };
  const storedProxy = (name: string) =>
    edit.before.credentials.find((one) => one.name === name)?.proxy ?? undefined;
  const mistake = mistakeOf(credentials, storedProxy);
  const differences = useDifferences();
  return (
    <div className="max-w-240 space-y-6">
      {stored.value.kind === "codex" && <Notice tone="info">{t("codex_later")}</Notice>}
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

function CredentialRow(props: {
  credential: Draft;
  state: ChannelStatus["credentials"][number] | undefined;
  storedProxy: string | undefined;
  maySecrets: boolean;
  mayWrite: boolean;
  onChange: (part: Partial<Draft>) => void;
  onRemove: () => void;
}) {
  const { t } = useTranslation(["channels", "common"]);
  const { credential, state, maySecrets, onChange } = props;
  const { name, fresh } = credential;
  const isNew = fresh !== undefined;
  return (
    <li className="grid gap-x-6 gap-y-2 px-3 py-3 sm:grid-cols-[12rem_1fr_auto]">
      {isNew ? (
        <Field label={t("channels:column.name")}>
          <Input
            value={name}
            maxLength={64}
            onChange={(event) => onChange({ name: event.target.value })}
          />
        </Field>
      ) : (
        <div className="min-w-0 space-y-1">
          <bdi data-raw="" data-private="" className="block font-medium [overflow-wrap:anywhere]">
            {name}
          </bdi>
          <PartState part={state} />
        </div>
      )}
      {maySecrets ? (
        <Field label={t("channels:credential.key_of", { name })}>
          <SecretInput
            hint={isNew ? undefined : state?.hint}
            isSet={!isNew}
            value={credential.key}
            onChange={(key) => onChange({ key } as Partial<Draft>)}
          />
        </Field>
      ) : (
        <p className="self-center text-fg-2">
          {t("common:secret.set")}
          {state && ` · ${t("common:secret.ends", { hint: `…${state.hint}` })}`}
        </p>
      )}
      <span className="flex items-center gap-3 self-start sm:pt-6">
        <Switch
          aria-label={t("channels:credential.enable", { name })}
          checked={isEnabled(credential)}
          disabled={!props.mayWrite}
          onChange={(event) => onChange({ enabled: event.currentTarget.checked })}
        />
        {maySecrets && (
          <Button
            size="sm"
            variant="ghost"
            aria-label={t("channels:credential.remove", { name })}
            icon={<Trash2 aria-hidden="true" />}
            className="w-7 px-0"
            onClick={props.onRemove}
          />
        )}
      </span>
      {maySecrets && (
        <div className="sm:col-span-2 sm:col-start-2">
          <ProxyField
            label={t("channels:proxy.of", { name })}
            help={t("channels:proxy.of_help")}
            value={{ proxy: credential.proxy ?? "", login: credential.login }}
            stored={props.storedProxy}
            onChange={({ proxy, login }) => onChange({ proxy, login })}
          />
        </div>
      )}
    </li>
  );
}

/** As the server takes it; without a key it keeps the one it has. */
const sent = ({ name, key, enabled, proxy, login }: Draft): CredentialDraft => ({
  name: name.trim(),
  ...(enabled !== undefined && { enabled }),
  ...(typeof key === "string" && { key: key.trim() }),
  ...(typeof proxy === "string" && { proxy: proxyText({ proxy, login }) }),
});

/** The first of k1, k2, … that is free. */
function freshName(credentials: readonly CredentialDraft[]): string {
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
  return credentials.some(isWrong) ? "proxy" : undefined;
}

/** What differs; of a key only that it does. */
function useDifferences(): (before: Values, after: Values) => Change[] {
  const { t } = useTranslation(["channels", "common"]);
  return (before, after) => {
    const word = (one: CredentialDraft | undefined) => {
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
      if (!isNew) return state;
      const label = t("channels:credential.key_of", { name });
      const key = {
        label,
        before: t("common:secret.set"),
        after: t("channels:credential.new_key"),
      };
      return [...state, key];
    });
  };
}
