import { useMemo } from "react";
import { useTranslation } from "react-i18next";

import type { FilterField } from "@/filter/field";
import { useActionText } from "./action";

const kinds = [
  "channel",
  "channel_group",
  "model",
  "price_list",
  "user_group",
  "user",
  "api_key",
  "error_rule",
  "setting",
  "admin_key",
  "redemption_code",
  "plan",
  "subscription",
  "order",
  "payment_channel",
  "usage",
  "ticket",
  "canned_reply",
  "announcement",
  "oauth_app",
  "oauth_grant",
  "session",
] as const;

const actions = [
  "channel.create",
  "channel.update",
  "channel.delete",
  "model.create",
  "model.update",
  "model.delete",
  "user.create",
  "user.update",
  "user.delete",
  "api_key.create",
  "api_key.revoke",
  "api_key.reveal",
  "setting.update",
] as const;

/** What the log can be narrowed by; words of other actions can be typed. */
export function useAuditFields(): readonly FilterField[] {
  const { t } = useTranslation("audit");
  const words = useActionText();
  return useMemo(
    (): readonly FilterField[] => [
      { name: "actor", label: t("column.actor"), kind: "text" },
      {
        name: "action",
        label: t("column.action"),
        kind: "choice",
        values: actions.map((value) => ({ value, label: words(value) })),
      },
      {
        name: "object_kind",
        label: t("object_kind"),
        kind: "choice",
        values: kinds.map((value) => ({ value, label: t(`kind.${value}`) })),
      },
      { name: "object", label: t("column.object"), kind: "text" },
    ],
    [t, words],
  );
}
