import { useTranslation } from "react-i18next";

import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { SecretInput } from "@/form/secret-input";
import { hasLogin, type ProxyDraft, proxyMistake } from "./proxy";

interface Props {
  value: ProxyDraft;
  /** What is stored, as the server shows it. */
  stored?: string | undefined;
  onChange: (value: ProxyDraft) => void;
  label: string;
  help: string;
}

/** What calls go through: its address in the open, its login set and replaced but never read back. */
export function ProxyField({ value, stored, onChange, label, help }: Props) {
  const { t } = useTranslation("channels");
  const mistake = proxyMistake(value, stored);
  const keeps = hasLogin(value.proxy);
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <Field
        label={label}
        help={help}
        error={mistake && mistake !== "login" ? t(`proxy.${mistake}`) : undefined}
        optional
      >
        <Input
          inputMode="url"
          autoComplete="off"
          spellCheck={false}
          placeholder="socks5h://proxy.example:1080"
          className="font-mono text-sm"
          value={value.proxy}
          onChange={(event) => onChange({ ...value, proxy: event.target.value })}
        />
      </Field>
      {value.proxy.trim() !== "" && (
        <Field
          label={t("proxy.login")}
          help={keeps ? t("proxy.login_kept") : t("proxy.login_help")}
          error={mistake === "login" ? t("proxy.login_rule") : undefined}
          optional
        >
          <SecretInput
            key={String(hasLogin(stored ?? ""))}
            hint={undefined}
            isSet={hasLogin(stored ?? "") && keeps}
            value={value.login}
            onChange={(login) => onChange({ ...value, login })}
          />
        </Field>
      )}
    </div>
  );
}
