import { useTranslation } from "react-i18next";

import { Input } from "@/components/ui/input";
import { FormField } from "@/form/form-field";
import { PasswordInput } from "@/form/password-input";
import type { GatewayKind } from "./gateway";

/** The fields of a gateway's set-up. */
export function GatewayFields({ kind }: { kind: GatewayKind }) {
  const { t } = useTranslation("orders");
  return (
    <>
      {kind === "epay" && (
        <>
          <FormField name="address" label={t("channels.address")}>
            <Input inputMode="url" autoCapitalize="none" />
          </FormField>
          <FormField name="merchant" label={t("channels.merchant")}>
            <Input autoCapitalize="none" />
          </FormField>
        </>
      )}
      {kind === "stripe" && (
        <FormField name="call_secret" label={t("channels.call_secret")}>
          <PasswordInput autoComplete="off" />
        </FormField>
      )}
      <FormField
        name="sign_secret"
        label={t(`channels.sign_secret.${kind}`)}
        help={t(`channels.sign_help.${kind}`)}
      >
        <PasswordInput autoComplete="off" />
      </FormField>
    </>
  );
}
