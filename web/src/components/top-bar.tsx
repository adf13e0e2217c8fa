import { useTranslation } from "react-i18next";

import { type Language, languageNames, languages, setLanguage } from "../i18n";
import { Segmented } from "./segmented";
import { themes, useTheme } from "./theme";

/** The name of the product, and the two choices every page offers. */
export function TopBar() {
  const { t, i18n } = useTranslation();
  const [theme, setTheme] = useTheme();
  return (
    <header className="border-line border-b bg-surface">
      <div className="mx-auto flex min-h-12 max-w-240 flex-wrap items-center justify-between gap-x-4 gap-y-2 px-3 py-2 sm:px-6">
        <span className="flex items-center gap-2 font-semibold text-lg">
          <img src="/favicon.svg" alt="" width="20" height="20" />
          Realms
        </span>
        <div className="flex flex-wrap gap-2">
          <Segmented
            name="language"
            legend={t("page.language")}
            value={i18n.language as Language}
            onChange={setLanguage}
            options={languages.map((language) => ({
              value: language,
              label: languageNames[language],
              lang: language,
            }))}
          />
          <Segmented
            name="theme"
            legend={t("page.theme")}
            value={theme}
            onChange={setTheme}
            options={themes.map((value) => ({ value, label: t(`page.theme_${value}`) }))}
          />
        </div>
      </div>
    </header>
  );
}
