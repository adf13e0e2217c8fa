import { useQueryClient } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { useCallback } from "react";
import type { Me } from "@/api/types";
import { languages, setLanguage } from "@/i18n";
import { languageKey } from "@/i18n/languages";
import { beginSession, safeReturn } from "@/session/session";
import { existsIn } from "@/shell/exists";
import { homeOf } from "@/shell/nav";
import { readPreference } from "@/shell/preference";
import { setTheme, themes } from "@/shell/theme";

/** Takes over a session that has just begun, and goes to where one wanted to be. */
export function useEnter(): (me: Me, returnTo?: string) => Promise<void> {
  const queries = useQueryClient();
  const router = useRouter();
  return useCallback(
    async (me, returnTo) => {
      beginSession(queries, me);
      await takeOverPreferences(me);
      const target = safeReturn(returnTo) ?? homeOf(me, existsIn(router.routesByPath));
      router.history.push(target);
    },
    [queries, router],
  );
}

/** What was chosen on this device wins; what the account knows fills the rest. */
async function takeOverPreferences(me: Me): Promise<void> {
  const language = languages.find((one) => one === me.preferences.language);
  if (language && readPreference(languageKey) === null) await setLanguage(language);
  const theme = themes.find((one) => one === me.preferences.theme);
  if (theme && readPreference("theme") === null) setTheme(theme);
}
