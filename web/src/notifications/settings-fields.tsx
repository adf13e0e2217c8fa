import { useFormContext } from "react-hook-form";
import { useTranslation } from "react-i18next";
import type { NotificationKind } from "@/api/types";
import { Button } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";
import { Input } from "@/components/ui/input";
import { FormField } from "@/form/form-field";
import { FormList } from "@/form/form-list";
import { PasswordInput } from "@/form/password-input";
import { useRuleText } from "@/form/rule-text";
import { fieldsOf, isOptional, newSecret, type SettingsField } from "./settings";
import type { TargetDraft } from "./target-draft";

/** Who knows one of these may write there: they are shown only when asked for. */
const secrets: readonly SettingsField[] = ["secret", "token", "device_key"];
/** Whose address alone lets everybody in. */
const openUrls: readonly NotificationKind[] = ["feishu", "wecom", "dingtalk", "slack"];

const isSecret = (kind: NotificationKind, field: SettingsField) =>
  secrets.includes(field) || (field === "url" && openUrls.includes(kind));

/** The fields of one kind, as a part of the form around them. */
export function SettingsFields({ kind }: { kind: NotificationKind }) {
  const { t } = useTranslation("notifications");
  return (
    <div className="space-y-4">
      <p className="text-fg-2 text-sm">{t(`where.${kind}`)}</p>
      {fieldsOf[kind].map((field) =>
        field === "to" ? (
          <Addresses key={field} />
        ) : kind === "webhook" && field === "secret" ? (
          <SigningSecret key={field} />
        ) : (
          <TextField key={field} kind={kind} field={field} />
        ),
      )}
    </div>
  );
}

function TextField({ kind, field }: { kind: NotificationKind; field: SettingsField }) {
  const { t } = useTranslation("notifications");
  const shared = { autoCapitalize: "none", className: "font-mono text-sm" } as const;
  const sample = samples[kind]?.[field];
  return (
    <FormField
      name={field}
      label={t(`field.${field === "secret" ? "robot_secret" : (field as "url")}`)}
      optional={isOptional(kind, field)}
      {...(hasHelp(kind, field) && {
        help: t(`field_help.${kind as "feishu"}_${field as "secret"}`),
      })}
    >
      {isSecret(kind, field) ? (
        <PasswordInput {...shared} autoComplete="off" />
      ) : (
        <Input
          {...shared}
          {...((field === "url" || field === "api_base" || field === "server") && {
            inputMode: "url",
          })}
          {...(sample !== undefined && { placeholder: sample })}
        />
      )}
    </FormField>
  );
}

/** What an address looks like: never translated. */
const samples: Partial<Record<NotificationKind, Partial<Record<SettingsField, string>>>> = {
  webhook: { url: "https://hooks.example.org/realms" },
  telegram: { chat_id: "-1001234567890", api_base: "https://api.telegram.org" },
  bark: { server: "https://api.day.app" },
};

const helped = [
  "feishu secret",
  "dingtalk secret",
  "telegram chat_id",
  "telegram api_base",
  "bark server",
];

const hasHelp = (kind: NotificationKind, field: SettingsField) =>
  helped.includes(`${kind} ${field}`);

function Addresses() {
  const { t } = useTranslation("notifications");
  const words = useRuleText();
  return (
    <FormList
      name="to"
      label={t("field.to")}
      help={t("field_help.email_to")}
      placeholder="ops@example.org"
      check={(item) => (/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(item) ? undefined : words("email"))}
    />
  );
}

/** What webhooks are signed with: made here, and to be copied now. */
function SigningSecret() {
  const { t } = useTranslation("notifications");
  const { watch, setValue } = useFormContext<TargetDraft>();
  const secret = watch("secret");
  return (
    <div className="space-y-1">
      <FormField name="secret" label={t("field.secret")} help={t("field_help.webhook_secret")}>
        <PasswordInput autoComplete="off" className="font-mono text-sm" />
      </FormField>
      <div className="flex flex-wrap gap-2">
        {secret !== "" && <CopyButton text={secret} variant="outline" what={t("field.secret")} />}
        <Button
          size="sm"
          variant="ghost"
          onClick={() =>
            setValue("secret", newSecret(), { shouldDirty: true, shouldValidate: true })
          }
        >
          {t("form.new_secret")}
        </Button>
      </div>
    </div>
  );
}
