import { useTranslation } from "react-i18next";
import type { MadeOauthApp } from "@/api/types";
import { Button } from "@/components/ui/button";
import { CodeBlock } from "@/components/ui/code-block";
import { Sheet, SheetContent } from "@/components/ui/sheet";
import { Section } from "@/shell/page";
import { Connection } from "./connection";

/** The secret of an app in full, once, and how the app is connected. The secret leaves the page with the sheet. */
export default function MadeSheet(props: { made: MadeOauthApp; onClose: () => void }) {
  const { t } = useTranslation(["oauth_apps", "common"]);
  const { app, client_secret } = props.made;
  const hasSecret = client_secret !== undefined;
  return (
    <Sheet open onOpenChange={(isOpen) => !isOpen && props.onClose()}>
      <SheetContent
        keepOpen
        title={<bdi data-raw="">{app.name}</bdi>}
        footer={
          <Button variant="primary" onClick={props.onClose}>
            {hasSecret ? t("oauth_apps:secret.saved") : t("common:done")}
          </Button>
        }
      >
        <div className="space-y-8">
          {hasSecret && (
            <Section title={t("oauth_apps:secret.title")} about={t("oauth_apps:secret.once")}>
              <CodeBlock name={t("oauth_apps:secret.title")} text={client_secret} wrap isPrivate />
            </Section>
          )}
          <Section title={t("oauth_apps:connect.title")}>
            <Connection app={app} />
          </Section>
        </div>
      </SheetContent>
    </Sheet>
  );
}
