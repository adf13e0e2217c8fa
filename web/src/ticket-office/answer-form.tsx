import { useTranslation } from "react-i18next";
import type { TicketView } from "@/api/types";
import { cn } from "@/components/class-names";
import { Segmented } from "@/components/ui/segmented";
import { Form } from "@/form/form";
import { SubmitButton } from "@/form/submit-button";
import { Section } from "@/shell/page";
import { MessageFields } from "@/tickets/message-fields";
import { useSaying } from "@/tickets/use-saying";
import { CannedMenu } from "./canned-menu";

const kinds = ["reply", "note"] as const;

/** An answer to who asked, or a note among those who run the site; of a closed ticket only a note. */
export function AnswerForm({ ticket }: { ticket: TicketView }) {
  const { t } = useTranslation(["ticket_office", "tickets"]);
  const isClosed = ticket.state === "closed";
  const { form, uploads, words, isNote, setIsNote, say } = useSaying("office", ticket.id, isClosed);
  const kind = isNote ? "note" : "reply";
  function insert(text: string) {
    const before = form.getValues("body").trimEnd();
    const body = before === "" ? text : `${before}\n\n${text}`;
    form.setValue("body", body, { shouldDirty: true, shouldValidate: true });
  }
  return (
    <Section title={t(`ticket_office:answer.${kind}_title`)}>
      <Form
        form={form}
        words={words}
        onSubmit={say}
        className={cn(isNote && "rounded-panel bg-warn-soft p-3")}
      >
        <div className="flex flex-wrap items-center gap-2">
          {!isClosed && (
            <Segmented
              label={t("ticket_office:answer.kind")}
              value={kind}
              onChange={(next) => setIsNote(next === "note")}
              options={kinds.map((value) => ({
                value,
                label: t(`ticket_office:answer.${value}`),
              }))}
            />
          )}
          <CannedMenu ticket={ticket} onInsert={insert} />
        </div>
        <p className="text-fg-2 text-sm">{t(`ticket_office:answer.${kind}_help`)}</p>
        <MessageFields label={t("ticket_office:answer.body")} uploads={uploads} />
        <SubmitButton disabledReason={uploads.isSending ? t("tickets:files.wait") : undefined}>
          {t(`ticket_office:answer.${kind}_verb`)}
        </SubmitButton>
      </Form>
    </Section>
  );
}
