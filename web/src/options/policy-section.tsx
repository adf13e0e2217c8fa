import { useTranslation } from "react-i18next";

import { Section } from "@/shell/page";
import { HeadersField } from "./headers-field";
import { ChoiceOption, FlagOption, LineOption } from "./option-field";

/** What becomes of the fields and headers that say how a vendor is to treat a call. */
export function PolicySection() {
  const { t } = useTranslation("options");
  const forward = { value: "forward", label: t("choice.forward") } as const;
  const drop = { value: "drop", label: t("choice.drop") } as const;
  return (
    <Section title={t("section.policy")} about={t("section.policy_about")}>
      <div className="grid gap-4 sm:grid-cols-2">
        <ChoiceOption
          name="service_tier"
          words={[forward, drop, { value: "refuse", label: t("choice.refuse") }]}
        />
        <ChoiceOption
          name="store"
          words={[forward, drop, { value: "force_false", label: t("choice.force_false") }]}
        />
        <ChoiceOption name="safety_identifier" words={[forward, drop]} />
        <ChoiceOption
          name="cache_ttl"
          words={[
            { value: "inherit", label: t("choice.inherit") },
            { value: "5m", label: t("choice.minutes_5") },
            { value: "1h", label: t("choice.hour_1") },
          ]}
        />
        <LineOption name="organization" placeholder="org-…" />
        <LineOption name="project" placeholder="proj_…" />
      </div>
      <FlagOption name="fast_mode" />
      <HeadersField />
    </Section>
  );
}
