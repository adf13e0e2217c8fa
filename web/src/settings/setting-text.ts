import { useTranslation } from "react-i18next";

import type { ConfigValue, SettingView } from "@/api/types";

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

export interface ConfigText {
  about: string;
  /** Where the value was given; a file is named as the server names it. */
  source: string;
  /** `about` is the server's own English. */
  isRaw: boolean;
}

/** What a line of the start configuration does and where it was given. */
export function useConfigText(): (line: ConfigValue) => ConfigText {
  const { t, i18n } = useTranslation("settings");
  return ({ name, about, source }) => {
    const isKnown = i18n.exists(`config_known.${name}`, { ns: "settings" });
    return {
      about: isKnown ? t(`config_known.${name}` as "config_known.addr") : about,
      source: sourceOf(source),
      isRaw: !isKnown,
    };
  };
  function sourceOf(source: string): string {
    if (source === "default" || source === "environment") return t(`source.${source}`);
    if (source === "command line") return t("config_source.command_line");
    const [, from] = /^from (\w+)$/.exec(source) ?? [];
    return from === undefined ? source : t("config_source.derived", { name: from });
  }
}
