import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import type { MadeToken } from "@/api/types";
import { Button } from "@/components/ui/button";
import { CodeBlock } from "@/components/ui/code-block";
import { Dialog, DialogContent } from "@/components/ui/dialog";

/** A key that is shown again, in full. It leaves the page with the dialog. */
export function RevealedDialog(props: { revealed: MadeToken | undefined; onClose: () => void }) {
  const { t } = useTranslation(["tokens", "common"]);
  const { revealed, onClose } = props;
  return (
    <Dialog open={revealed !== undefined} onOpenChange={(open) => !open && onClose()}>
      {revealed && (
        <DialogContent
          keepOpen
          title={t("tokens:made.title")}
          description={t("tokens:made.again")}
          footer={
            <>
              <Button asChild>
                <Link to={"/connect" as never} search={{ key: revealed.token.id } as never}>
                  {t("tokens:connect")}
                </Link>
              </Button>
              <Button variant="primary" onClick={onClose}>
                {t("common:close")}
              </Button>
            </>
          }
        >
          <CodeBlock name={revealed.token.name} text={revealed.key} wrap isPrivate />
        </DialogContent>
      )}
    </Dialog>
  );
}
