import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";

import type { PaymentChannelView } from "@/api/types";
import { Checkbox } from "@/components/ui/checkbox";
import { Input } from "@/components/ui/input";
import { Segmented } from "@/components/ui/segmented";
import { Form } from "@/form/form";
import { FormField } from "@/form/form-field";
import { text } from "@/form/rules";
import { SubmitButton } from "@/form/submit-button";
import { useForm } from "@/form/use-form";
import { GivenUp, useReauthenticated } from "@/session/reauthentication";
import { gatewayOf, missingIn } from "./gateway";
import { GatewayFields } from "./gateway-fields";
import { paymentChannels, refreshChannels } from "./office";

const kinds = ["stripe", "epay", "webhook"] as const;

const schema = z
  .object({
    name: text({ most: 64 }),
    kind: z.enum(kinds),
    test_mode: z.boolean(),
    address: z.string().check(z.trim()),
    merchant: z.string().check(z.trim()),
    call_secret: z.string().check(z.trim()),
    sign_secret: z.string().check(z.trim(), z.maxLength(4_096, "too_long:4096")),
  })
  .check(({ value, issues }) => {
    for (const path of missingIn(value.kind, value)) {
      issues.push({ code: "custom", message: "required", path: [path], input: value });
    }
  });

/** What a new payment channel is set up with. */
export function ChannelForm({ onMade }: { onMade: (made: PaymentChannelView) => void }) {
  const { t } = useTranslation("orders");
  const queries = useQueryClient();
  const known = useReauthenticated();
  const form = useForm(schema, {
    name: "",
    kind: "stripe" as (typeof kinds)[number],
    test_mode: false,
    address: "",
    merchant: "",
    call_secret: "",
    sign_secret: "",
  });
  const kind = form.watch("kind");
  return (
    <Form
      form={form}
      onSubmit={async ({ name, test_mode, ...draft }) => {
        const gateway = gatewayOf(kind, draft);
        const made = { name, kind, test_mode: kind !== "epay" && test_mode, gateway };
        try {
          onMade(await known(() => paymentChannels.make(made)));
          await refreshChannels(queries);
        } catch (error) {
          if (!(error instanceof GivenUp)) throw error;
        }
      }}
    >
      <Segmented
        label={t("channels.kind")}
        value={kind}
        onChange={(next) => form.setValue("kind", next)}
        options={kinds.map((value) => ({ value, label: t(`channels.kinds.${value}`) }))}
      />
      <FormField name="name" label={t("channels.name")} help={t("channels.name_help")}>
        <Input autoFocus maxLength={64} />
      </FormField>
      <GatewayFields kind={kind} />
      {kind !== "epay" && (
        <Checkbox
          {...form.register("test_mode")}
          label={t("channels.test_mode")}
          help={t("channels.test_help")}
        />
      )}
      <SubmitButton>{t("channels.verb")}</SubmitButton>
    </Form>
  );
}
