import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";

import type { MadeToken } from "@/api/types";
import { Button } from "@/components/ui/button";
import { CodeBlock } from "@/components/ui/code-block";
import { Sheet, SheetContent } from "@/components/ui/sheet";
import { Skeleton } from "@/components/ui/skeleton";
import { loadTexts } from "@/i18n";
import { Section } from "@/shell/page";

const ConnectMade = lazy(async () => {
  await loadTexts("connect", "trace");
  return import("@/connect/connect-made");
});

/** A new key in full, once, and below it what to do with it: a client with the key filled in. Both leave the page with the sheet. */
export function MadeSheet(props: { made: MadeToken | undefined; onClose: () => void }) {
  const { t } = useTranslation("tokens");
  const { made, onClose } = props;
  return (
    <Sheet open={made !== undefined} onOpenChange={(open) => !open && onClose()}>
      {made && (
        <SheetContent
          keepOpen
          title={t("made.title")}
          footer={
            <Button variant="primary" onClick={onClose}>
              {t("made.saved")}
            </Button>
          }
        >
          <div className="space-y-8">
            <div className="space-y-2">
              <p className="text-fg-2">
                {made.token.revealable ? t("made.again") : t("made.once")}
              </p>
              <CodeBlock name={made.token.name} text={made.key} wrap isPrivate />
            </div>
            <Section title={t("connect")}>
              <Suspense fallback={<Skeleton className="h-64 w-full" />}>
                <ConnectMade made={made} />
              </Suspense>
            </Section>
          </div>
        </SheetContent>
      )}
    </Sheet>
  );
}
