import { useFormContext } from "react-hook-form";
import { useTranslation } from "react-i18next";

import { ConsentCard } from "@/consent/consent-card";
import { appScopes } from "@/consent/scopes";
import { Advanced } from "@/form/advanced";
import type { FormDraft } from "./draft";
import { hostOf, isHomepage } from "./redirect-uri";

/** What users are asked for the app in the form around it, as it is typed. Their account is made up. */
export function ConsentPreview() {
  const { t } = useTranslation(["oauth_apps", "consent"]);
  const { name, publisher, homepage, redirect_uris, scopes } = useFormContext<FormDraft>().watch();
  const first = redirect_uris.map(({ uri }) => uri.trim()).find((uri) => hostOf(uri) !== undefined);
  const nothing = () => undefined;
  return (
    <Advanced label={t("oauth_apps:preview.title")}>
      <p className="text-fg-2 text-sm">{t("oauth_apps:preview.about")}</p>
      {/* To be looked at: nothing in it can be pressed. */}
      <div inert className="mx-auto max-w-96 rounded-panel border border-line bg-bg p-4">
        <p className="mb-4 font-semibold text-xl">{t("consent:title")}</p>
        <ConsentCard
          consent={{
            app: {
              id: "",
              name: name.trim() || t("oauth_apps:preview.name"),
              publisher: publisher.trim(),
              ...(isHomepage(homepage.trim()) && { homepage: homepage.trim() }),
            },
            redirect_host: hostOf(first ?? "") ?? "app.example",
            scopes: appScopes.filter((scope) => scopes.includes(scope)),
            can_remember: first === undefined || first.startsWith("https:"),
          }}
          account={{ username: "ana", email: "ana@example.org" }}
          onSwitch={nothing}
          onAnswer={nothing}
        />
      </div>
    </Advanced>
  );
}
