import { useQueryClient } from "@tanstack/react-query";
import { UserRoundCheck, UserRoundX } from "lucide-react";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";

import { asProblem } from "@/api/problem";
import type { TicketView } from "@/api/types";
import { ProblemNotice } from "@/components/problem-notice";
import { Button } from "@/components/ui/button";
import { Input } from "@/components/ui/input";
import { Form } from "@/form/form";
import { FormField } from "@/form/form-field";
import { text } from "@/form/rules";
import { SubmitButton } from "@/form/submit-button";
import { useForm } from "@/form/use-form";
import { useMe } from "@/session/use-me";
import { takeThread, tickets } from "@/tickets/queries";
import { useThreadDeed } from "@/tickets/use-thread-deed";

/** Gives a ticket into the care of oneself, of somebody else, or of nobody. */
export function Assignment({ ticket }: { ticket: TicketView }) {
  const { t } = useTranslation("ticket_office");
  const { username } = useMe();
  const { busy, error, run } = useThreadDeed("office");
  const give = (to: string | null) => void run(() => tickets.assign(ticket.id, to));
  return (
    <div className="space-y-3">
      <div className="flex flex-wrap gap-2">
        {ticket.assignee !== username && (
          <Button
            size="sm"
            icon={<UserRoundCheck aria-hidden="true" />}
            loading={busy}
            onClick={() => give(username)}
          >
            {t("assign.me")}
          </Button>
        )}
        {ticket.assignee !== undefined && (
          <Button
            size="sm"
            icon={<UserRoundX aria-hidden="true" />}
            loading={busy}
            onClick={() => give(null)}
          >
            {t("assign.nobody")}
          </Button>
        )}
      </div>
      <ProblemNotice error={error} />
      <ToSomebody id={ticket.id} />
    </div>
  );
}

const schema = z.object({ username: text({ most: 64 }) });

function ToSomebody({ id }: { id: string }) {
  const { t } = useTranslation("ticket_office");
  const queries = useQueryClient();
  const form = useForm(schema, { username: "" });
  return (
    <Form
      form={form}
      className="space-y-2"
      onSubmit={async ({ username }) => {
        try {
          const thread = await tickets.assign(id, username);
          form.reset({ username: "" });
          await takeThread(queries, "office", thread);
        } catch (error) {
          const { code, fields } = asProblem(error);
          const isPlain = fields.some(({ pointer }) => pointer === "/username");
          if (code !== "not_found" && !isPlain) throw error;
          const message = t(isPlain ? "assign.no_operator" : "assign.unknown");
          form.setError("username", { message }, { shouldFocus: true });
        }
      }}
    >
      <FormField name="username" label={t("assign.somebody")}>
        <Input autoCapitalize="none" maxLength={64} />
      </FormField>
      <SubmitButton variant="outline" size="sm">
        {t("assign.verb")}
      </SubmitButton>
    </Form>
  );
}
