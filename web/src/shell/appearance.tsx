import { useQueryClient } from "@tanstack/react-query";
import { Languages, Monitor, Moon, Sun } from "lucide-react";
import { useTranslation } from "react-i18next";

import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuRadioGroup,
  DropdownMenuRadioItem,
  DropdownMenuTrigger,
} from "@/components/ui/dropdown-menu";
import { IconButton } from "@/components/ui/icon-button";
import { type Language, languageNames, languages, setLanguage } from "@/i18n";
import { savePreferences } from "@/session/preferences";
import { type Theme, themes, useTheme } from "./theme";

/** The language of the page, kept here and, once signed in, with the account. */
export function useLanguage(): [Language, (language: Language) => void] {
  const { i18n } = useTranslation();
  const queries = useQueryClient();
  return [
    i18n.language as Language,
    (language) => {
      void setLanguage(language);
      savePreferences(queries, { language }).catch(() => undefined); // this device keeps it
    },
  ];
}

/** The theme, kept here and, once signed in, with the account. */
export function useSavedTheme(): [Theme, (theme: Theme) => void] {
  const queries = useQueryClient();
  const [theme, setTheme] = useTheme();
  return [
    theme,
    (next) => {
      setTheme(next);
      savePreferences(queries, { theme: next }).catch(() => undefined); // this device keeps it
    },
  ];
}

export function LanguageMenu() {
  const { t } = useTranslation("shell");
  const [language, choose] = useLanguage();
  return (
    <DropdownMenu>
      <DropdownMenuTrigger asChild>
        <IconButton plain label={t("language")} icon={<Languages aria-hidden="true" />} />
      </DropdownMenuTrigger>
      <DropdownMenuContent>
        <DropdownMenuRadioGroup
          value={language}
          onValueChange={(value) => choose(value as Language)}
        >
          {languages.map((one) => (
            <DropdownMenuRadioItem key={one} value={one} lang={one}>
              {languageNames[one]}
            </DropdownMenuRadioItem>
          ))}
        </DropdownMenuRadioGroup>
      </DropdownMenuContent>
    </DropdownMenu>
  );
}

const themeIcons = { light: Sun, dark: Moon, system: Monitor };

export function ThemeMenu() {
  const { t } = useTranslation("shell");
  const [theme, choose] = useSavedTheme();
  const Icon = themeIcons[theme];
  return (
    <DropdownMenu>
      <DropdownMenuTrigger asChild>
        <IconButton plain label={t("theme")} icon={<Icon aria-hidden="true" />} />
      </DropdownMenuTrigger>
      <DropdownMenuContent>
        <DropdownMenuRadioGroup value={theme} onValueChange={(value) => choose(value as Theme)}>
          {themes.map((one) => (
            <DropdownMenuRadioItem key={one} value={one}>
              {t(`theme_${one}`)}
            </DropdownMenuRadioItem>
          ))}
        </DropdownMenuRadioGroup>
      </DropdownMenuContent>
    </DropdownMenu>
  );
}
