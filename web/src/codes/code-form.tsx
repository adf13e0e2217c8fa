import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import type { MadeCodes } from "@/api/types";
import { Input } from "@/components/ui/input";
import { Segmented } from "@/components/ui/segmented";
import { Select } from "@/components/ui/select";
import { useTimeZone } from "@/components/value/time-zone";
import { zoneName } from "@/filter/zone-time";
import { Form } from "@/form/form";
import { FormField } from "@/form/form-field";
import { SubmitButton } from "@/form/submit-button";
import { useForm } from "@/form/use-form";
import { GivenUp, useReauthenticated } from "@/session/reauthentication";
import { plansQuery } from "@/subscriptions/queries";
import { draft, mostCodes, newCodesOf, newCodesSchema } from "./new-codes";
import { codes, refreshCodes } from "./queries";

const kinds = ["generated", "own"] as const;
const worths = ["money", "time"] as const;

/** What new codes are worth, how many there are, and for how many people. */
export function CodeForm({ onMade }: { onMade: (made: MadeCodes) => void }) {
  const { t } = useTranslation("codes");
  const queries = useQueryClient();
  const known = useReauthenticated();
  const zone = useTimeZone();
  const form = useForm(newCodesSchema, draft);
  const kind = form.watch("kind");
  const worth = form.watch("worth");
  // Without a plan, codes are worth money and there is nothing to choose.
  const plans = useQuery(plansQuery).data?.items ?? [];
  return (
    <Form
      form={form}
      onSubmit={async (checked) => {
        try {
          const made = await known(() => codes.make(newCodesOf(checked, zone)));
          await refreshCodes(queries);
          onMade(made);
        } catch (error) {
          if (!(error instanceof GivenUp)) throw error;
        }
      }}
    >
      <FormField name="batch" label={t("column.batch")} help={t("make.batch_help")}>
        <Input autoFocus maxLength={64} />
      </FormField>
      {plans.length > 0 && (
        <Segmented
          label={t("make.worth")}
          value={worth}
          onChange={(next) => form.setValue("worth", next)}
          options={worths.map((value) => ({ value, label: t(`make.${value}`) }))}
        />
      )}
      {worth === "money" ? (
        <FormField
          name="amount_usd"
          label={t("make.amount")}
          unit="USD"
          help={t("make.amount_help")}
        >
          <Input inputMode="decimal" className="num text-right" maxLength={24} />
        </FormField>
      ) : (
        <FormField name="plan" label={t("make.plan")} help={t("make.plan_help")}>
          <Select>
            <option value="">{t("make.choose_plan")}</option>
            {plans.map(({ code, name }) => (
              <option key={code} value={code} data-raw="">
                {`${name} (${code})`}
              </option>
            ))}
          </Select>
        </FormField>
      )}
      <Segmented
        label={t("make.kind")}
        value={kind}
        onChange={(next) => form.setValue("kind", next)}
        options={kinds.map((value) => ({ value, label: t(`make.${value}`) }))}
      />
      {kind === "generated" ? (
        <FormField
          name="count"
          label={t("make.count")}
          help={t("make.count_help", { most: mostCodes })}
        >
          <Input inputMode="numeric" className="num" maxLength={4} />
        </FormField>
      ) : (
        <FormField name="code" label={t("make.code")} help={t("make.code_help")}>
          <Input autoComplete="off" spellCheck={false} className="font-mono" maxLength={64} />
        </FormField>
      )}
      <FormField name="uses" label={t("make.uses")} help={t("make.uses_help")}>
        <Input inputMode="numeric" className="num" maxLength={10} />
      </FormField>
      <FormField
        name="expires"
        label={t("column.expires")}
        help={t("make.expires_help", { zone: zoneName(zone) })}
      >
        <Input type="datetime-local" />
      </FormField>
      <SubmitButton>{t("make.verb")}</SubmitButton>
    </Form>
  );
}
