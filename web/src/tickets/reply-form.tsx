import { useTranslation } from "react-i18next";

import { Form } from "@/form/form";
import { SubmitButton } from "@/form/submit-button";
import { Section } from "@/shell/page";
import { MessageFields } from "./message-fields";
import { useSaying } from "./use-saying";

/** Where who asked says more. */
export function ReplyForm({ id }: { id: string }) {
  const { t } = useTranslation("tickets");
  const { form, uploads, words, say } = useSaying("mine", id);
  return (
    <Section title={t("reply.title")}>
      <Form form={form} words={words} onSubmit={say}>
        <MessageFields label={t("new.body")} uploads={uploads} />
        <SubmitButton disabledReason={uploads.isSending ? t("files.wait") : undefined}>
          {t("reply.verb")}
        </SubmitButton>
      </Form>
    </Section>
  );
}
