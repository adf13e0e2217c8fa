import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";

import type { PaymentChannelView } from "@/api/types";
import { Checkbox } from "@/components/ui/checkbox";
import { Input } from "@/components/ui/input";
import { Segmented } from "@/components/ui/segmented";
import { Form } from "@/form/form";
import { FormField } from "@/form/form-field";
import { PasswordInput } from "@/form/password-input";
import { text } from "@/form/rules";
import { SubmitButton } from "@/form/submit-button";
import { useForm } from "@/form/use-form";
import { GivenUp, useReauthenticated } from "@/session/reauthentication";
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
    sign_secret: text({ most: 4_096 }),
  })
  .check(({ value, issues }) => {
    const needed: (keyof typeof value)[] =
      value.kind === "stripe"
        ? ["call_secret"]
        : value.kind === "epay"
          ? ["address", "merchant"]
          : [];
    for (const path of needed.filter((name) => value[name] === "")) {
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
      onSubmit={async ({ name, call_secret, sign_secret, address, merchant, test_mode }) => {
        const made = {
          name,
          kind,
          test_mode: kind !== "epay" && test_mode,
          gateway: {
            sign_secret,
            ...(kind === "stripe" && { call_secret }),
            ...(kind === "epay" && { address, merchant }),
          },
        };
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
      {kind === "epay" && (
        <>
          <FormField name="address" label={t("channels.address")}>
            <Input inputMode="url" autoCapitalize="none" />
          </FormField>
          <FormField name="merchant" label={t("channels.merchant")}>
            <Input autoCapitalize="none" />
          </FormField>
        </>
      )}
      {kind === "stripe" && (
        <FormField name="call_secret" label={t("channels.call_secret")}>
          <PasswordInput autoComplete="off" />
        </FormField>
      )}
      <FormField
        name="sign_secret"
        label={t(`channels.sign_secret.${kind}`)}
        help={t(`channels.sign_help.${kind}`)}
      >
        <PasswordInput autoComplete="off" />
      </FormField>
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
