import { useTranslation } from "react-i18next";

import { Notice } from "@/components/ui/notice";
import { useBootstrap } from "@/session/use-me";

/** On plain http a password can be read on its way: said before it is typed. */
export function PlainHttpNotice() {
  const { t } = useTranslation("auth");
  const { secure } = useBootstrap();
  return secure ? null : <Notice tone="warn">{t("plain_http")}</Notice>;
}
