import { useTranslation } from "react-i18next";

import type { ErrorRuleView } from "@/api/types";
import { dialects } from "@/api/words";

/** What a rule matches and what it does, each in one line. */
export function useRuleLines(): (rule: ErrorRuleView) => { match: string; act: string } {
  const { t } = useTranslation(["error_rules", "trace"]);
  return ({ match = {}, then = {} }) => {
    const spoken = dialects.filter((one) => match.dialects?.includes(one));
    const when = [
      match.status?.length && t("error_rules:said.status", { status: match.status.join(", ") }),
      match.contains && t("error_rules:said.contains", { text: match.contains }),
      match.regex && t("error_rules:said.regex", { text: match.regex }),
      match.channels?.length &&
        t("error_rules:said.channels", { channels: match.channels.join(", ") }),
      spoken.length > 0 && spoken.map((one) => t(`trace:dialect.${one}`)).join(", "),
    ];
    const act = [
      then.status && t("error_rules:said.act_status", { status: then.status }),
      then.message && t("error_rules:said.message", { text: then.message }),
      then.hide && t("error_rules:said.hide"),
      then.skip_health && t("error_rules:said.skip_health"),
    ];
    const line = (parts: readonly unknown[]) =>
      parts.filter(Boolean).join(" · ") || t("error_rules:said.any");
    return { match: line(when), act: line(act) };
  };
}
