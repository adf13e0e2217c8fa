import { useTranslation } from "react-i18next";

import { Notice } from "@/components/ui/notice";
import type { Simulated } from "./simulation";

/** That the call would be refused, in the words the client would get. */
export function Refusal({ refusal }: { refusal: NonNullable<Simulated["refusal"]> }) {
  const { t } = useTranslation("routing");
  return (
    <Notice tone="err" heading={t("refused")}>
      <p data-raw="" lang="en">
        {refusal.detail} <code className="font-mono text-sm">{refusal.code}</code>
      </p>
    </Notice>
  );
}
