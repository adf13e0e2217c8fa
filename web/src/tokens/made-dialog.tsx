import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import type { MadeToken } from "@/api/types";
import { Button } from "@/components/ui/button";
import { CodeBlock } from "@/components/ui/code-block";
import { Dialog, DialogContent } from "@/components/ui/dialog";
import { useOpens } from "@/shell/use-opens";

/** A key in full, once. It leaves the page with the dialog. */
export function MadeDialog({
  made,
  onClose,
}: {
  made: MadeToken | undefined;
  onClose: () => void;
}) {
  const { t } = useTranslation("tokens");
  const opens = useOpens();
  return (
    <Dialog open={made !== undefined} onOpenChange={(open) => !open && onClose()}>
      {made && (
        <DialogContent
          keepOpen
          title={t("made.title")}
          description={made.token.revealable ? t("made.again") : t("made.once")}
          footer={
            <>
              {opens("/connect") && (
                <Button asChild>
                  <Link to={"/connect" as never} search={{ key: made.token.id } as never}>
                    {t("connect")}
                  </Link>
                </Button>
              )}
              <Button variant="primary" onClick={onClose}>
                {t("made.saved")}
              </Button>
            </>
          }
        >
          <CodeBlock name={made.token.name} text={made.key} wrap />
        </DialogContent>
      )}
    </Dialog>
  );
}
