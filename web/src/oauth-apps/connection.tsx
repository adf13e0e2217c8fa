import { useTranslation } from "react-i18next";
import type { OauthAppView } from "@/api/types";
import { CopyButton } from "@/components/ui/copy-button";
import { Time } from "@/components/value/time-ago";
import { useOrigin } from "@/session/use-origin";

/** Where an app turns to, below the site's own address. */
const endpoints = {
  authorize: "/oauth/authorize",
  token: "/oauth/token",
  revoke: "/oauth/revoke",
  userinfo: "/oauth/userinfo",
  metadata: "/.well-known/oauth-authorization-server",
} as const;

/** What whoever makes the app has to know to connect it. */
export function Connection({ app }: { app: OauthAppView }) {
  const { t } = useTranslation("oauth_apps");
  const origin = useOrigin();
  const facts = [
    ["client_id", app.id],
    ["issuer", origin],
    ...Object.entries(endpoints).map(([name, path]) => [name, origin + path] as const),
  ] as const;
  return (
    <div className="space-y-3">
      <p className="text-fg-2">{t(app.confidential ? "connect.server" : "connect.device")}</p>
      <dl className="divide-y divide-line rounded-panel border border-line bg-surface">
        {facts.map(([name, value]) => (
          <Fact key={name} name={t(`connect.${name as "client_id"}`)} value={value} />
        ))}
      </dl>
      <SecretState app={app} />
    </div>
  );
}

function Fact({ name, value }: { name: string; value: string }) {
  return (
    <div className="grid items-center gap-x-3 px-3 py-1.5 sm:grid-cols-[11rem_minmax(0,1fr)]">
      <dt className="text-fg-3 text-sm">{name}</dt>
      <dd className="flex min-w-0 items-center justify-between gap-1">
        <code className="min-w-0 font-mono text-sm [overflow-wrap:anywhere]">{value}</code>
        <CopyButton text={value} iconOnly what={name} />
      </dd>
    </div>
  );
}

/** What is known of the secret, which is never shown again. */
function SecretState({ app: { secret_hint, old_secret_until } }: { app: OauthAppView }) {
  const { t } = useTranslation(["oauth_apps", "common"]);
  if (secret_hint === undefined) return null;
  return (
    <p className="text-fg-2 text-sm">
      {t("oauth_apps:connect.secret")} {t("common:secret.set")}
      {" · "}
      {t("common:secret.ends", { hint: `…${secret_hint}` })}
      {old_secret_until !== undefined && (
        <span className="block">
          {t("oauth_apps:connect.old_until")} <Time time={old_secret_until} />
        </span>
      )}
    </p>
  );
}
