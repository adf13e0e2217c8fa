import { useTranslation } from "react-i18next";

import type { MadeToken } from "@/api/types";
import { Button } from "@/components/ui/button";
import ConnectMade from "@/connect/connect-made";

/** A client is set up, and its first request arrives. */
export function CallStep({ made, onDone }: { made: MadeToken | undefined; onDone: () => void }) {
  const { t } = useTranslation("setup");
  return (
    <ConnectMade
      made={made}
      arrived={
        <Button variant="primary" onClick={onDone}>
          {t("next")}
        </Button>
      }
    />
  );
}
