import { useTranslation } from "react-i18next";

import { Button } from "@/components/ui/button";
import { SubmitButton } from "./submit-button";

/** The buttons of a form in a popover. */
export function SmallFoot({ onCancel }: { onCancel: () => void }) {
  const { t } = useTranslation("common");
  return (
    <div className="flex justify-end gap-2">
      <Button size="sm" onClick={onCancel}>
        {t("cancel")}
      </Button>
      <SubmitButton size="sm">{t("save")}</SubmitButton>
    </div>
  );
}
