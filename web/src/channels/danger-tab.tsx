import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { Button } from "@/components/ui/button";
import { isEnabled } from "@/config/objects";
import { Section } from "@/shell/page";
import { useShownChannel } from "./channel-page";
import { Consequence, type Deed, DeedDialog } from "./deed-dialog";

/** What is hard to take back. What it would mean now stands beside each button. */
export function DangerTab() {
  const { t } = useTranslation("channels");
  const navigate = useNavigate();
  const { stored, status } = useShownChannel();
  const channel = stored.value;
  const [asked, setAsked] = useState<Deed>();
  const deeds: Deed[] = [isEnabled(channel) ? "disable" : "enable", "remove"];
  return (
    <div className="max-w-240 space-y-8">
      {deeds.map((deed) => (
        <Section key={deed} title={t(`deed.${deed}.verb`)}>
          <p className="max-w-180 text-fg-2">
            <Consequence deed={deed} channel={channel} status={status} />
          </p>
          <Button
            variant={deed === "enable" ? "outline" : "danger_outline"}
            onClick={() => setAsked(deed)}
          >
            {t(`deed.${deed}.verb`)}
          </Button>
        </Section>
      ))}
      {asked && (
        <DeedDialog
          deed={asked}
          channel={channel}
          status={status}
          onClose={() => setAsked(undefined)}
          onDone={() => {
            if (asked === "remove") void navigate({ to: "/admin/channels" as never });
          }}
        />
      )}
    </div>
  );
}
