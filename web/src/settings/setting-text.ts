import { useTranslation } from "react-i18next";

import type { SettingView } from "@/api/types";

export interface SettingText {
  name: string;
  help: string;
  /** The help is the server's own English. */
  isRaw: boolean;
}

/** What a setting is called and what it does; one this page does not know yet speaks for itself. */
export function useSettingText(): (setting: Pick<SettingView, "key" | "about">) => SettingText {
  const { t, i18n } = useTranslation("settings");
  return ({ key, about }) => {
    if (!i18n.exists(`known.${key}.name`, { ns: "settings" })) {
      return { name: key, help: about, isRaw: true };
    }
    return {
      name: t(`known.${key}.name` as "known.site_name.name"),
      help: t(`known.${key}.help` as "known.site_name.help"),
      isRaw: false,
    };
  };
}
