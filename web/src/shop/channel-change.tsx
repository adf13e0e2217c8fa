import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";

import type { PaymentChannelView } from "@/api/types";
import { toast } from "@/components/toast";
import { Input } from "@/components/ui/input";
import { Sheet, SheetContent } from "@/components/ui/sheet";
import { DirtyGuard } from "@/form/dirty-guard";
import { Form } from "@/form/form";
import { FormField } from "@/form/form-field";
import { text } from "@/form/rules";
import { SubmitButton } from "@/form/submit-button";
import { useForm } from "@/form/use-form";
import { GivenUp, useReauthenticated } from "@/session/reauthentication";
import { type GatewayDraft, gatewayOf, missingIn } from "./gateway";
import { GatewayFields } from "./gateway-fields";
import { paymentChannels, refreshChannels } from "./office";

/** Changes a payment channel; nothing but its buttons closes the sheet. */
export function ChannelChange(props: {
  channel: PaymentChannelView | undefined;
  onClose: () => void;
}) {
  const { channel, onClose } = props;
  return (
    <Sheet open={channel !== undefined} onOpenChange={(isOpen) => !isOpen && onClose()}>
      {channel && (
        <SheetContent keepOpen title={<span data-raw="">{channel.name}</span>}>
          <ChangeForm key={channel.id} channel={channel} onDone={onClose} />
        </SheetContent>
      )}
    </Sheet>
  );
}

/** Whether the set-up is given anew: its secrets are never shown, so what is empty stays as it is. */
const isGiven = ({ address = "", merchant = "" }: PaymentChannelView, draft: GatewayDraft) =>
  draft.call_secret !== "" ||
  draft.sign_secret !== "" ||
  draft.address !== address ||
  draft.merchant !== merchant;

const schemaOf = (channel: PaymentChannelView) =>
  z
    .object({
      name: text({ most: 64 }),
      address: z.string().check(z.trim()),
      merchant: z.string().check(z.trim()),
      call_secret: z.string().check(z.trim()),
      sign_secret: z.string().check(z.trim(), z.maxLength(4_096, "too_long:4096")),
    })
    .check(({ value, issues }) => {
      if (!isGiven(channel, value)) return;
      for (const path of missingIn(channel.kind, value)) {
        issues.push({ code: "custom", message: "required", path: [path], input: value });
      }
    });

/** The name, and the set-up as a whole: a secret never goes to another address than it was entered for. */
function ChangeForm({ channel, onDone }: { channel: PaymentChannelView; onDone: () => void }) {
  const { t } = useTranslation("orders");
  const queries = useQueryClient();
  const known = useReauthenticated();
  const { id, kind } = channel;
  const form = useForm(schemaOf(channel), {
    name: channel.name,
    address: channel.address ?? "",
    merchant: channel.merchant ?? "",
    call_secret: "",
    sign_secret: "",
  });
  return (
    <Form
      form={form}
      onSubmit={async ({ name, ...draft }) => {
        const change = {
          ...(name !== channel.name && { name }),
          ...(isGiven(channel, draft) && { gateway: gatewayOf(kind, draft) }),
        };
        try {
          await known(() => paymentChannels.change(id, change));
        } catch (error) {
          if (error instanceof GivenUp) return;
          throw error;
        }
        toast.done(t("channels.changed", { name }));
        onDone();
        await refreshChannels(queries);
      }}
    >
      <DirtyGuard dirty={form.formState.isDirty && !form.formState.isSubmitting} />
      <FormField name="name" label={t("channels.name")} help={t("channels.name_help")}>
        <Input autoFocus maxLength={64} />
      </FormField>
      <p className="text-fg-2 text-sm">{t("channels.change_help")}</p>
      <GatewayFields kind={kind} />
      <SubmitButton>{t("channels.save")}</SubmitButton>
    </Form>
  );
}
