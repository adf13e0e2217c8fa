import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";

import type { MadeToken } from "@/api/types";
import { Button } from "@/components/ui/button";
import { CodeBlock } from "@/components/ui/code-block";
import { Input } from "@/components/ui/input";
import { Notice } from "@/components/ui/notice";
import { Form } from "@/form/form";
import { FormField } from "@/form/form-field";
import { text } from "@/form/rules";
import { SubmitButton } from "@/form/submit-button";
import { useForm } from "@/form/use-form";
import { activeTokensQuery, refreshTokens, tokens } from "@/tokens/queries";

interface Props {
  made: MadeToken | undefined;
  onMade: (made: MadeToken) => void;
  onDone: () => void;
}

/** One's first API key, made with one press and shown in full. */
export function KeyStep({ made, onMade, onDone }: Props) {
  const { t } = useTranslation(["setup", "tokens"]);
  const { data } = useQuery(activeTokensQuery);
  const there = data?.items.length ?? 0;
  if (made) {
    return (
      <div className="space-y-4">
        <CodeBlock name={made.token.name} text={made.key} wrap />
        <p className="text-fg-2">
          {made.token.revealable ? t("tokens:made.again") : t("tokens:made.once")}
        </p>
        <Button variant="primary" onClick={onDone}>
          {t("setup:next")}
        </Button>
      </div>
    );
  }
  return (
    <div className="space-y-4">
      {there > 0 && (
        <Notice
          tone="info"
          action={
            <Button size="sm" onClick={onDone}>
              {t("setup:next")}
            </Button>
          }
        >
          {t("setup:key.there", { count: there })}
        </Notice>
      )}
      <MakeForm onMade={onMade} />
    </div>
  );
}

function MakeForm({ onMade }: Pick<Props, "onMade">) {
  const { t } = useTranslation(["setup", "tokens"]);
  const queries = useQueryClient();
  const form = useForm(z.object({ name: text({ most: 64 }) }), { name: t("setup:key.name") });
  return (
    <Form
      form={form}
      className="max-w-96"
      words={(problem) => (problem.code === "conflict" ? t("tokens:name_taken") : undefined)}
      onSubmit={async ({ name }) => {
        onMade(await tokens.make({ name, channel_groups: [] }));
        await refreshTokens(queries);
      }}
    >
      <FormField name="name" label={t("tokens:column.name")} help={t("tokens:name_help")}>
        <Input maxLength={64} />
      </FormField>
      <SubmitButton>{t("tokens:make")}</SubmitButton>
    </Form>
  );
}
