import { useTranslation } from "react-i18next";

import type { KeyRules } from "@/api/types";
import { Badge } from "@/components/ui/badge";
import { TimeAgo } from "@/components/value/time-ago";
import { isNarrowed } from "./key-rules";
import { useSpanText } from "./use-rules-text";

/** The name of a key, with a badge where it is good for some calls only. */
export function KeyName({ name, rules }: { name: string; rules: KeyRules | undefined }) {
  const { t } = useTranslation("tokens");
  return (
    <span className="flex min-w-0 items-center gap-2">
      <bdi data-raw="" className="truncate">
        {name}
      </bdi>
      {isNarrowed(rules) && <Badge className="shrink-0">{t("narrowed")}</Badge>}
    </span>
  );
}

/** When a key ends by itself: at a time, or by a time that its first call begins. */
export function KeyEnd(props: { rules: KeyRules | undefined; endsAt: string | undefined }) {
  const { t } = useTranslation("tokens");
  const span = useSpanText()(props.rules);
  if (props.endsAt !== undefined || span === undefined) {
    return <TimeAgo time={props.endsAt} missing={t("never_ends")} />;
  }
  return span;
}
