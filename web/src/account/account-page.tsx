import { useTranslation } from "react-i18next";

import { useBootstrap, useMe } from "@/session/use-me";
import { Page, Section } from "@/shell/page";
import { EmailSection } from "./email-section";
import { GrantsSection } from "./grants-section";
import { IdentitiesSection } from "./identities-section";
import { InvitationsSection } from "./invitations-section";
import { NotificationsSection } from "./notifications-section";
import { PasskeysSection } from "./passkeys-section";
import { PasswordSection } from "./password-section";
import { PreferencesSection } from "./preferences-section";
import { ProfileSection } from "./profile-section";
import { SessionsSection } from "./sessions-section";
import { TotpSection } from "./totp-section";

/** Everything about oneself, on one page with a table of contents. */
export function AccountPage() {
  const { t } = useTranslation(["account", "shell"]);
  const { passkeys, login_providers, self_mode } = useBootstrap();
  const { features } = useMe();
  const sections = [
    { id: "profile", content: [ProfileSection, EmailSection] },
    {
      id: "security",
      content: [
        PasswordSection,
        TotpSection,
        ...(passkeys ? [PasskeysSection] : []),
        ...(login_providers.length > 0 ? [IdentitiesSection] : []),
      ],
    },
    { id: "sessions", content: [SessionsSection] },
    ...(features.oauth_apps ? ([{ id: "apps", content: [GrantsSection] }] as const) : []),
    ...(self_mode ? [] : ([{ id: "notifications", content: [NotificationsSection] }] as const)),
    ...(features.invitations
      ? ([{ id: "invitations", content: [InvitationsSection] }] as const)
      : []),
    { id: "preferences", content: [PreferencesSection] },
  ] as const;
  return (
    <Page title={t("shell:nav.account")} width="form">
      <div className="gap-10 lg:grid lg:grid-cols-[9rem_minmax(0,1fr)]">
        <nav aria-label={t("account:contents")} className="max-lg:hidden">
          <ul className="sticky top-18 space-y-0.5">
            {sections.map(({ id }) => (
              <li key={id}>
                <a
                  href={`#${id}`}
                  className="flex h-8 items-center rounded-control px-2 text-fg-2 hover:bg-surface-2 hover:text-fg"
                >
                  {t(`account:${id}.title`)}
                </a>
              </li>
            ))}
          </ul>
        </nav>
        <div className="space-y-12">
          {sections.map(({ id, content }) => (
            <Section key={id} id={id} title={t(`account:${id}.title`)}>
              <div className="space-y-8">
                {content.map((Part) => (
                  <Part key={Part.name} />
                ))}
              </div>
            </Section>
          ))}
        </div>
      </div>
    </Page>
  );
}
