import { X } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { IconButton } from "@/components/ui/icon-button";
import { ConfirmDialog } from "@/form/confirm-dialog";

interface Props {
  name: string;
  /** Its conversation goes with it. */
  hasTurns: boolean;
  onRemove: () => void;
}

/** Takes a model out of the comparison; asks first where something would be lost. */
export function RemoveThread({ name, hasTurns, onRemove }: Props) {
  const { t } = useTranslation("playground");
  const [asking, setAsking] = useState(false);
  return (
    <>
      <IconButton
        size="sm"
        label={t("compare.remove", { name })}
        icon={<X aria-hidden="true" />}
        onClick={() => (hasTurns ? setAsking(true) : onRemove())}
      />
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        title={t("compare.remove_title", { name })}
        consequence={t("compare.remove_text")}
        verb={t("compare.remove_do")}
        onConfirm={async () => onRemove()}
      />
    </>
  );
}
