import { useTranslation } from "react-i18next";
import type { MadeOauthApp, OauthAppView } from "@/api/types";
import { Sheet, SheetContent } from "@/components/ui/sheet";
import { Section } from "@/shell/page";
import { AppForm } from "./app-form";
import { Connection } from "./connection";

interface Props {
  /** The app to be changed, or `new`. */
  open: OauthAppView | "new";
  onClose: (made?: MadeOauthApp) => void;
}

/** Sets an app up, or shows how it is connected and changes it; nothing but its buttons closes the sheet. */
export default function AppSheet({ open, onClose }: Props) {
  const { t } = useTranslation("oauth_apps");
  return (
    <Sheet open onOpenChange={(isOpen) => !isOpen && onClose()}>
      <SheetContent
        keepOpen
        title={open === "new" ? t("make") : <bdi data-raw="">{open.name}</bdi>}
      >
        {open === "new" ? (
          <AppForm onDone={onClose} />
        ) : (
          <div key={open.id} className="space-y-8">
            <Section title={t("connect.title")}>
              <Connection app={open} />
            </Section>
            <Section title={t("form.title")}>
              <AppForm app={open} onDone={onClose} />
            </Section>
          </div>
        )}
      </SheetContent>
    </Sheet>
  );
}
