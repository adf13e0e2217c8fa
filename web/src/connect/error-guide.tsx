import { useId } from "react";
import { useTranslation } from "react-i18next";

import { AppLink, linkLook } from "./app-link";

/** Where the guide leads; nowhere where a page is switched off. */
export interface GuideLinks {
  keys: string | undefined;
  models: string | undefined;
  requests: string | undefined;
}

export const guideLinks: GuideLinks = { keys: "/tokens", models: "/models", requests: "/usage" };

const rows = [
  { status: "status_401", text: "unauthorized", link: "keys" },
  { status: "status_402", text: "balance", link: "requests" },
  { status: "status_403", text: "forbidden", link: "keys" },
  { status: "status_404_model", text: "model", link: "models" },
  { status: "status_404_path", text: "path", link: undefined },
  { status: "status_429", text: "limited", link: "requests" },
  { status: "status_5xx", text: "server", link: "requests" },
  { status: "status_broken", text: "broken", link: "requests" },
  { status: "status_refused", text: "refused", link: undefined },
] as const;

/** What a client may show when it does not work, and what to do about it. */
export function ErrorGuide({ links = guideLinks }: { links?: GuideLinks }) {
  const { t } = useTranslation("connect");
  const id = useId();
  return (
    <section aria-labelledby={id} className="space-y-2">
      <h2 id={id} className="font-semibold text-lg">
        {t("guide.heading")}
      </h2>
      <dl className="divide-y divide-line border-line border-y">
        {rows.map(({ status, text, link }) => (
          <div key={status} className="gap-x-4 py-2 sm:grid sm:grid-cols-[14rem_minmax(0,1fr)]">
            <dt className="font-medium text-sm">{t(`guide.${status}`)}</dt>
            <dd className="text-fg-2">
              {t(`guide.${text}`)}
              {link && links[link] !== undefined && (
                <>
                  {" "}
                  <AppLink href={links[link]} className={linkLook}>
                    {t(`guide.${link}`)}
                  </AppLink>
                </>
              )}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
