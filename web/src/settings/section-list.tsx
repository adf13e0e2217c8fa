import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import type { SettingsView, SettingView } from "@/api/types";
import { cn } from "@/components/class-names";
import { Badge } from "@/components/ui/badge";
import { type Section, sections } from "./section";

/** The sections to choose from, each with the number of its changes that are not saved. */
export function SectionList(props: {
  all: SettingsView;
  shown: Section | undefined;
  changed: readonly SettingView[];
  onOpen: () => void;
}) {
  const { t } = useTranslation("settings");
  const { all, shown, changed, onOpen } = props;
  const isThere = (section: Section) =>
    section === "config" ? all.config.length > 0 : all.items.some((one) => one.section === section);
  return (
    <nav aria-label={t("sections")} className="min-w-0">
      <ul className="top-18 flex gap-1 max-lg:flex-wrap lg:sticky lg:flex-col">
        {sections.filter(isThere).map((section) => {
          const count = changed.filter((setting) => setting.section === section).length;
          return (
            <li key={section} className="shrink-0">
              <Link
                to="/admin/settings"
                search={{ section }}
                resetScroll={false}
                onClick={onOpen}
                aria-current={section === shown ? "page" : undefined}
                className={cn(
                  "touch-target flex min-h-8 items-center justify-between gap-2 rounded-control px-2",
                  section === shown
                    ? "bg-primary-soft font-medium text-fg"
                    : "text-fg-2 hover:bg-surface-2 hover:text-fg",
                )}
              >
                {t(`section.${section}`)}{" "}
                {count > 0 && (
                  <Badge>
                    <span className="sr-only">{t("changed")}</span>{" "}
                    <span className="num">{count}</span>
                  </Badge>
                )}
              </Link>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}
