import { useTranslation } from "react-i18next";

/** The words for the message of a rule; what is no rule's message is shown as it is. */
export function useRuleText(): (message: string | undefined) => string | undefined {
  const { t, i18n } = useTranslation("common");
  return (message) => {
    if (message === undefined) return undefined;
    const [key = "", number] = message.split(":");
    if (!i18n.exists(`rules.${key}`, { ns: "common" })) return message;
    return t(`rules.${key}` as "rules.too_long", { count: Number(number) });
  };
}
