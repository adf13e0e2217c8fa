import { useTranslation } from "react-i18next";

import { Button } from "@/components/ui/button";
import { CodeBlock } from "@/components/ui/code-block";
import { Notice } from "@/components/ui/notice";

/** The codes, this once: gone from the page as soon as they are said to be kept. */
export function RecoveryCodes({ codes, onKept }: { codes: string[]; onKept: () => void }) {
  const { t } = useTranslation("account");
  return (
    <div className="max-w-120 space-y-3">
      <Notice tone="warn" heading={t("totp.codes_heading")}>
        {t("totp.codes_text")}
      </Notice>
      <CodeBlock name={t("totp.codes")} text={codes.join("\n")} />
      <Button variant="outline" onClick={onKept}>
        {t("totp.codes_kept")}
      </Button>
    </div>
  );
}
