import { useQueryClient } from "@tanstack/react-query";
import { Pencil } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";

import type { ChannelView } from "@/api/types";
import { Input } from "@/components/ui/input";
import { Popover, PopoverContent, PopoverTrigger } from "@/components/ui/popover";
import { Form } from "@/form/form";
import { FormField } from "@/form/form-field";
import { wholeNumber } from "@/form/rules";
import { SmallFoot } from "@/form/small-foot";
import { useForm } from "@/form/use-form";
import { channels, refreshChannels } from "./queries";

/** The largest weight the server keeps; at 0 a channel comes after all others of its priority. */
export const mostWeight = 4_294_967_295;

/** Priority and weight; a press opens both for change, and nothing is saved until asked for. */
export function OrderCell({ channel, fixed }: { channel: ChannelView; fixed: boolean }) {
  const { t } = useTranslation("channels");
  const [open, setOpen] = useState(false);
  const { priority = 0, weight = 1 } = channel;
  const shown = (
    <>
      <span className="num">{priority}</span>
      <span className="num text-fg-2">{`×${weight}`}</span>
    </>
  );
  if (fixed) return <span className="inline-flex gap-2">{shown}</span>;
  return (
    <Popover open={open} onOpenChange={setOpen}>
      <PopoverTrigger
        aria-label={t("order.change", { name: channel.name, priority, weight })}
        className="group -mx-1.5 inline-flex h-7 items-center gap-2 rounded-control px-1.5 hover:bg-surface-3 data-[state=open]:bg-surface-3"
      >
        {shown}
        <Pencil
          aria-hidden="true"
          className="size-3 stroke-[1.5] text-fg-3 opacity-60 group-hover:opacity-100"
        />
      </PopoverTrigger>
      <PopoverContent aria-label={t("order.title")} className="w-72">
        {open && <OrderForm channel={channel} onDone={() => setOpen(false)} />}
      </PopoverContent>
    </Popover>
  );
}

const schema = z.object({
  priority: wholeNumber(),
  weight: wholeNumber({ least: 0, most: mostWeight }),
});

function OrderForm({ channel, onDone }: { channel: ChannelView; onDone: () => void }) {
  const { t } = useTranslation(["channels", "common"]);
  const queries = useQueryClient();
  const form = useForm(schema, {
    priority: channel.priority ?? 0,
    weight: channel.weight ?? 1,
  });
  return (
    <Form
      form={form}
      onSubmit={async (values) => {
        await channels.change(channel.name, values);
        await refreshChannels(queries);
        onDone();
      }}
    >
      <div className="grid grid-cols-2 gap-3">
        <FormField name="priority" label={t("channels:field.priority")}>
          <Input inputMode="numeric" autoFocus />
        </FormField>
        <FormField name="weight" label={t("channels:field.weight")}>
          <Input inputMode="numeric" />
        </FormField>
      </div>
      <p className="text-fg-3 text-xs">{t("channels:order.help")}</p>
      <SmallFoot onCancel={onDone} />
    </Form>
  );
}
