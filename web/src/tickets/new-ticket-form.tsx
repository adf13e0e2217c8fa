import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";

import { asProblem } from "@/api/problem";
import type { TicketCategory } from "@/api/types";
import { Input } from "@/components/ui/input";
import { Segmented } from "@/components/ui/segmented";
import { Form } from "@/form/form";
import { FormField } from "@/form/form-field";
import { text } from "@/form/rules";
import { SubmitButton } from "@/form/submit-button";
import { useForm } from "@/form/use-form";
import { useMe } from "@/session/use-me";
import { forgetDraft, readDraft, useKeptDraft } from "./draft";
import { MessageFields } from "./message-fields";
import { categories, longestBody, longestSubject, refreshLists, tickets } from "./queries";
import { useSayWords } from "./say-words";
import { useUploads } from "./use-uploads";

const requestId = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

function useSchema() {
  const { t } = useTranslation("tickets");
  return z.object({
    subject: text({ most: longestSubject }),
    category: z.enum(categories),
    body: text({ most: longestBody }),
    request_id: z.string().check(
      z.trim(),
      z.refine((value) => value === "" || requestId.test(value), { error: t("new.request_form") }),
    ),
  });
}

/** What it is about, what is asked, and files. Subject and text stay on the device until they are sent. */
export function NewTicketForm({ request = "" }: { request: string | undefined }) {
  const { t } = useTranslation("tickets");
  const queries = useQueryClient();
  const navigate = useNavigate();
  const draft = `new.${useMe().id}`;
  const [kept] = useState(() => readDraft(draft));
  const uploads = useUploads();
  const form = useForm(useSchema(), {
    subject: kept.subject ?? "",
    category: "calls" as TicketCategory,
    body: kept.body ?? "",
    request_id: request,
  });
  useKeptDraft(draft, { subject: form.watch("subject"), body: form.watch("body") });
  return (
    <Form
      form={form}
      words={useSayWords(t("new.too_many"))}
      onSubmit={async ({ request_id, ...rest }) => {
        const about = request_id !== "" && { request_id };
        try {
          const { id } = await tickets.open({ ...rest, ...about, files: uploads.ids });
          forgetDraft(draft);
          await Promise.all([
            refreshLists(queries),
            navigate({ to: "/tickets/$id", params: { id } }),
          ]);
        } catch (error) {
          const problem = asProblem(error);
          if (problem.fields.every(({ pointer }) => pointer !== "/request_id")) throw problem;
          const message = t("new.request_unknown");
          form.setError("request_id", { message }, { shouldFocus: true });
        }
      }}
    >
      <FormField name="subject" label={t("column.subject")} help={t("new.subject_help")}>
        <Input autoFocus spellCheck maxLength={longestSubject} />
      </FormField>
      <div className="space-y-1">
        <p aria-hidden="true" className="font-medium text-sm">
          {t("new.category")}
        </p>
        <Segmented
          label={t("new.category")}
          value={form.watch("category")}
          onChange={(next) => form.setValue("category", next)}
          options={categories.map((value) => ({ value, label: t(`category.${value}`) }))}
        />
      </div>
      <MessageFields label={t("new.body")} uploads={uploads}>
        <FormField name="request_id" label={t("new.request")} help={t("new.request_help")} optional>
          <Input autoCapitalize="none" className="font-mono text-sm" maxLength={64} />
        </FormField>
      </MessageFields>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <SubmitButton disabledReason={uploads.isSending ? t("files.wait") : undefined}>
          {t("new.verb")}
        </SubmitButton>
        <p className="text-fg-3 text-xs">{t("new.kept")}</p>
      </div>
    </Form>
  );
}
