import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { MadeCodes } from "@/api/types";
import { saveFile } from "@/components/save-file";
import { Button } from "@/components/ui/button";
import { CodeBlock } from "@/components/ui/code-block";
import { Sheet, SheetContent } from "@/components/ui/sheet";
import { CodeForm } from "./code-form";

/** Makes codes, then shows them to be handed out; nothing but its buttons closes the sheet. */
export function CodeSheet({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { t } = useTranslation("codes");
  const [made, setMade] = useState<MadeCodes>();
  const close = () => {
    setMade(undefined);
    onClose();
  };
  return (
    <Sheet open={open} onOpenChange={(isOpen) => !isOpen && close()}>
      {open && (
        <SheetContent
          keepOpen
          title={made ? t("made.title", { count: made.codes.length }) : t("make.title")}
          {...(made && {
            footer: (
              <Button variant="primary" onClick={close}>
                {t("made.saved")}
              </Button>
            ),
          })}
        >
          {made ? <Made made={made} /> : <CodeForm onMade={setMade} />}
        </SheetContent>
      )}
    </Sheet>
  );
}

function Made({ made }: { made: MadeCodes }) {
  const { t } = useTranslation("codes");
  const lines = made.codes.map(({ code }) => code).join("\n");
  const save = () => saveFile(new Blob([`${lines}\n`], { type: "text/plain" }), "codes.txt");
  return (
    <div className="space-y-3">
      <p className="text-fg-2">{t("made.text")}</p>
      <CodeBlock
        name={t("made.name", { count: made.codes.length })}
        text={lines}
        isPrivate
        actions={
          <Button size="sm" variant="ghost" onClick={save}>
            {t("made.file")}
          </Button>
        }
      />
    </div>
  );
}
