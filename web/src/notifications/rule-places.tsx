import { useTranslation } from "react-i18next";
import type { NotificationTargetView } from "@/api/types";
import { Checkbox } from "@/components/ui/checkbox";
import type { RuleDraft } from "./rule-draft";
import { useMailState } from "./use-mail-state";

interface Props {
  draft: RuleDraft;
  /** Whether it can go to one's own address. */
  hasEmail: boolean;
  /** `undefined`: not known yet. */
  targets: readonly NotificationTargetView[] | undefined;
  mistake: string | undefined;
  onChange: (change: Partial<RuleDraft>) => void;
}

/** Where a rule sends to. */
export function RulePlaces({ draft, hasEmail, targets, mistake, onChange }: Props) {
  const { t } = useTranslation(["notifications", "common"]);
  const mail = useMailState();
  const isMailed = hasEmail && draft.email && mail === "ready";
  const isNowhere =
    targets !== undefined &&
    !isMailed &&
    !targets.some(({ id, enabled }) => enabled && draft.targets.includes(id));
  return (
    <fieldset className="min-w-0 space-y-1">
      <legend className="font-medium text-sm">{t("notifications:rules.places")}</legend>
      <div className="flex flex-wrap gap-x-5 gap-y-1 max-md:flex-col">
        {hasEmail && (
          <Checkbox
            checked={draft.email}
            disabled={mail !== "ready"}
            onChange={({ currentTarget }) => onChange({ email: currentTarget.checked })}
            label={t("notifications:rules.email")}
            {...(mail !== "ready" && { help: t(`notifications:mail.short.${mail}`) })}
          />
        )}
        {targets?.map(({ id, name, kind, enabled }) => (
          <Checkbox
            key={id}
            checked={draft.targets.includes(id)}
            onChange={({ currentTarget }) => {
              const others = draft.targets.filter((one) => one !== id);
              onChange({ targets: currentTarget.checked ? [...others, id] : others });
            }}
            label={
              <>
                <bdi data-raw="">{name}</bdi>{" "}
                <span className="text-fg-3 text-sm">
                  {t(`notifications:kind.${kind}`)}
                  {!enabled && ` · ${t("notifications:state.off")}`}
                </span>
              </>
            }
          />
        ))}
      </div>
      {targets?.length === 0 && !hasEmail && (
        <p className="text-fg-3 text-sm">{t("notifications:rules.no_targets")}</p>
      )}
      {isNowhere && <p className="text-sm text-warn">{t("notifications:rules.nowhere")}</p>}
      {mistake !== undefined && (
        <p role="alert" className="text-err text-sm">
          {mistake}
        </p>
      )}
    </fieldset>
  );
}
