import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";
import type { CannedReplyView } from "@/api/types";
import { toast } from "@/components/toast";
import { Button } from "@/components/ui/button";
import { Input } from "@/components/ui/input";
import { Textarea } from "@/components/ui/textarea";
import { DirtyGuard } from "@/form/dirty-guard";
import { Form } from "@/form/form";
import { FormField } from "@/form/form-field";
import { text } from "@/form/rules";
import { SubmitButton } from "@/form/submit-button";
import { useForm } from "@/form/use-form";
import { longestBody } from "@/tickets/queries";
import { marks } from "./fill";
import { canned, cannedQuery, longestName, refreshCanned } from "./queries";

const schema = z.object({ name: text({ most: longestName }), body: text({ most: longestBody }) });

interface Props {
  /** Left out for a new one. */
  reply?: CannedReplyView;
  onDone: () => void;
}

/** What a canned reply is called and says. */
export function CannedForm({ reply, onDone }: Props) {
  const { t } = useTranslation(["ticket_office", "common"]);
  const queries = useQueryClient();
  const others = useQuery(cannedQuery).data?.items ?? [];
  const isNew = reply === undefined;
  const form = useForm(schema, { name: reply?.name ?? "", body: reply?.body ?? "" });
  const { isDirty, isSubmitting } = form.formState;
  return (
    <Form
      form={form}
      onSubmit={async ({ name, body }) => {
        // The server would put it in the place of the other.
        if (isNew && others.some((one) => one.name === name)) {
          const message = t("ticket_office:canned.taken");
          return form.setError("name", { message }, { shouldFocus: true });
        }
        await canned.put(name, body);
        toast.done(t(isNew ? "ticket_office:canned.made" : "ticket_office:canned.saved", { name }));
        await refreshCanned(queries);
        onDone();
      }}
    >
      <DirtyGuard dirty={isDirty && !isSubmitting} closesWithQuery />
      <FormField
        name="name"
        label={t("ticket_office:canned.name")}
        help={t(isNew ? "ticket_office:canned.name_help" : "ticket_office:canned.name_fixed")}
      >
        <Input autoFocus={isNew} maxLength={longestName} readOnly={!isNew} />
      </FormField>
      <FormField
        name="body"
        label={t("ticket_office:canned.body")}
        help={t("ticket_office:canned.body_help", marks)}
      >
        <Textarea autoFocus={!isNew} rows={10} spellCheck />
      </FormField>
      <div className="flex flex-wrap gap-2">
        <SubmitButton>{t("common:save")}</SubmitButton>
        <Button onClick={onDone}>{t("common:cancel")}</Button>
      </div>
    </Form>
  );
}
