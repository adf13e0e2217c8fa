import { X } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { Button } from "@/components/ui/button";
import { Dialog, DialogClose, DialogContent } from "@/components/ui/dialog";
import { IconButton } from "@/components/ui/icon-button";

interface Props {
  name: string;
  /** Its conversation goes with it. */
  hasTurns: boolean;
  onRemove: () => void;
}

/** Takes a model out of the comparison; asks first where something would be lost. */
export function RemoveThread({ name, hasTurns, onRemove }: Props) {
  const { t } = useTranslation(["playground", "common"]);
  const [asking, setAsking] = useState(false);
  return (
    <>
      <IconButton
        size="sm"
        label={t("compare.remove", { name })}
        icon={<X aria-hidden="true" />}
        onClick={() => (hasTurns ? setAsking(true) : onRemove())}
      />
      <Dialog open={asking} onOpenChange={setAsking}>
        <DialogContent
          title={t("compare.remove_title", { name })}
          description={t("compare.remove_text")}
          footer={
            <>
              <DialogClose asChild>
                <Button>{t("common:cancel")}</Button>
              </DialogClose>
              <Button
                variant="danger"
                onClick={() => {
                  setAsking(false);
                  onRemove();
                }}
              >
                {t("compare.remove_do")}
              </Button>
            </>
          }
        />
      </Dialog>
    </>
  );
}
