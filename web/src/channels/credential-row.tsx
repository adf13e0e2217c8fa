import { Trash2 } from "lucide-react";
import { useTranslation } from "react-i18next";

import type { ChannelStatus, CredentialDraft } from "@/api/types";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Switch } from "@/components/ui/switch";
import { isEnabled } from "@/config/objects";
import { Advanced } from "@/form/advanced";
import { SecretInput } from "@/form/secret-input";
import { type LimitsDraft, limitMistakesOf, limitsOf } from "@/limits/limits";
import { DraftLimits } from "@/limits/limits-fields";
import { useLimitsText } from "@/limits/use-limits-text";
import { PartState } from "./channel-state";
import { ProxyField } from "./proxy-field";

/** A credential being edited; `fresh` tells apart those that are not saved yet. */
export interface Draft extends Omit<CredentialDraft, "limits"> {
  fresh?: string;
  limits: LimitsDraft;
  /** A new login of its proxy. */
  login?: string | undefined;
}

/** One credential of a channel: its key, its proxy, its limits, whether it takes calls. */
export function CredentialRow(props: {
  credential: Draft;
  state: ChannelStatus["credentials"][number] | undefined;
  /** It is an account at a vendor, logged in to. */
  isAccount: boolean;
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
        <Field
          label={t("channels:credential.key_of", { name })}
          {...(props.isAccount && { help: t("channels:credential.is_account") })}
        >
          <SecretInput
            hint={isNew || props.isAccount ? undefined : state?.hint}
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
      <div className="sm:col-span-3">
        <CredentialLimits {...props} />
      </div>
    </li>
  );
}

/** How much may be used of a credential, folded; what is set stands beside the heading. */
function CredentialLimits(props: {
  credential: Draft;
  mayWrite: boolean;
  onChange: (part: Partial<Draft>) => void;
}) {
  const { t } = useTranslation(["channels", "limits"]);
  const textOf = useLimitsText();
  const { limits, name } = props.credential;
  const isSound = Object.keys(limitMistakesOf(limits)).length === 0;
  return (
    <fieldset>
      <legend className="sr-only">{t("channels:credential.limits_of", { name })}</legend>
      <Advanced
        label={t("limits:title")}
        note={isSound ? textOf(limitsOf(limits)) || t("limits:none") : ""}
      >
        <DraftLimits
          owner="credential"
          value={limits}
          onChange={(changed) => props.onChange({ limits: changed })}
          fixed={!props.mayWrite}
        />
      </Advanced>
    </fieldset>
  );
}
