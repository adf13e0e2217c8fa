import { X } from "lucide-react";
import { useTranslation } from "react-i18next";

import { path } from "@/api/client";
import type { AnnouncementView } from "@/api/types";
import { ProblemNotice } from "@/components/problem-notice";
import { IconButton } from "@/components/ui/icon-button";
import { AppLink } from "@/connect/app-link";
import { SeverityBadge } from "./severity-badge";
import { useFocusAfter } from "./use-focus-after";
import { useReading } from "./use-reading";
import { useText } from "./use-text";

/** Something critical, in a line over every page until it was read or put away. */
export function UrgentBar({ announcement }: { announcement: AnnouncementView }) {
  const { t } = useTranslation("announcements");
  const { id, severity, texts } = announcement;
  const { title, lang } = useText(texts);
  const { busy, error, read } = useReading(id);
  const press = useFocusAfter();
  return (
    <section
      aria-label={t("urgent.label")}
      className="space-y-2 border-line border-b bg-err-soft px-3 py-1 sm:px-4 lg:px-6"
    >
      <div className="flex items-center gap-2">
        <span className="shrink-0">
          <SeverityBadge severity={severity} />
        </span>
        <AppLink
          href={path`/announcements/${id}`}
          className="min-w-0 flex-1 rounded-badge underline underline-offset-2 [overflow-wrap:anywhere] hover:no-underline"
        >
          <bdi data-raw="" lang={lang} className="line-clamp-2">
            {title}
          </bdi>
        </AppLink>
        <IconButton
          size="sm"
          label={t("urgent.dismiss")}
          icon={<X aria-hidden="true" />}
          loading={busy}
          onClick={() => {
            press();
            void read();
          }}
        />
      </div>
      <ProblemNotice error={error} />
    </section>
  );
}
