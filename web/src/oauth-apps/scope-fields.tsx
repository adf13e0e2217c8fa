import { useController } from "react-hook-form";
import { useTranslation } from "react-i18next";
import type { AppScope } from "@/api/types";
import { Checkbox } from "@/components/ui/checkbox";
import { appScopes } from "@/consent/scopes";
import { useRuleText } from "@/form/rule-text";

/** What an app may ask for, as a part of the form around it. */
export function ScopeFields() {
  const { t } = useTranslation(["oauth_apps", "consent"]);
  const words = useRuleText();
  const { field, fieldState } = useController({ name: "scopes" });
  const value: readonly AppScope[] = field.value;
  const mistake = words(fieldState.error?.message);
  return (
    <fieldset className="min-w-0 space-y-2">
      <legend className="font-medium text-sm">{t("oauth_apps:form.scopes")}</legend>
      <p className="text-fg-2 text-sm">{t("oauth_apps:form.scopes_help")}</p>
      {appScopes.map((scope) => (
        <Checkbox
          key={scope}
          checked={value.includes(scope)}
          onChange={({ currentTarget }) =>
            field.onChange(
              appScopes.filter((one) =>
                one === scope ? currentTarget.checked : value.includes(one),
              ),
            )
          }
          label={t(`consent:scope.${scope}.name`)}
          help={t(`consent:scope.${scope}.text`)}
        />
      ))}
      {mistake !== undefined && (
        <p role="alert" className="text-err text-sm">
          {mistake}
        </p>
      )}
    </fieldset>
  );
}
