import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { UserRow } from "@/api/types";
import { Button } from "@/components/ui/button";
import { Section } from "@/shell/page";
import { useRights } from "./rights";
import { type Deed, UserDeed } from "./user-deeds";

/** What can be done with an account, each with what it would mean; what may not be done says why. */
export function AccessSection({ user }: { user: UserRow }) {
  const { t } = useTranslation("users");
  const navigate = useNavigate();
  const { deny } = useRights()(user);
  const [asked, setAsked] = useState<Deed>();
  const deeds: Deed[] = [
    "password",
    "log_out",
    ...(user.totp ? (["totp"] as const) : []),
    user.enabled ? "disable" : "enable",
    "remove",
  ];
  return (
    <Section title={t("access")}>
      <ul
        aria-label={t("access")}
        className="divide-y divide-line rounded-panel border border-line bg-surface"
      >
        {deeds.map((deed) => {
          const reason = deny(deed);
          return (
            <li
              key={deed}
              className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2 px-3 py-2.5"
            >
              <div className="min-w-0 max-w-140 flex-[1_1_18rem]">
                <p className="text-fg-2">
                  {t(`deed.${deed}.text`, { keys: user.keys, calls: user.last_30d.calls })}
                </p>
                {reason !== undefined && <p className="text-fg-3 text-sm">{reason}</p>}
              </div>
              <Button
                variant={deed === "disable" || deed === "remove" ? "danger_outline" : "outline"}
                disabledReason={reason}
                onClick={() => setAsked(deed)}
              >
                {t(deed)}
              </Button>
            </li>
          );
        })}
      </ul>
      <UserDeed
        asked={asked && { deed: asked, user }}
        onClose={() => setAsked(undefined)}
        onDone={(deed) => {
          if (deed === "remove") void navigate({ to: "/admin/users" });
        }}
      />
    </Section>
  );
}
