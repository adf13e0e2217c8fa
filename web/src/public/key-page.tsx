import { useCallback, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";

import type { PublicKey } from "@/api/types";
import { Button } from "@/components/ui/button";
import { Page } from "@/shell/page";
import { KeyForm } from "./key-form";
import { KeyView } from "./key-view";

/** A key that was entered, and how it stands. */
export interface CheckedKey {
  key: string;
  standing: PublicKey;
}

/** How an API key stands, for whoever has it: no account is needed. The key is in the memory of the page alone. */
export function KeyPage() {
  const { t } = useTranslation("public");
  const [checked, setChecked] = useState<CheckedKey>();
  const forget = useCallback(() => setChecked(undefined), []);
  useForgetting(forget);
  return (
    <Page
      title={t("key.title")}
      about={t("key.about")}
      width="form"
      actions={checked && <Button onClick={forget}>{t("key.forget")}</Button>}
    >
      {checked ? <KeyView checked={checked} /> : <KeyForm onChecked={setChecked} />}
    </Page>
  );
}

/** A page that is left may be kept to be shown again by Back: without the key. */
function useForgetting(forget: () => void) {
  useEffect(() => {
    window.addEventListener("pagehide", forget);
    return () => window.removeEventListener("pagehide", forget);
  }, [forget]);
}
