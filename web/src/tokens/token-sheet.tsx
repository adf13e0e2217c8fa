import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";

import type { MadeToken, OwnChannelGroup, TokenView } from "@/api/types";
import { Input } from "@/components/ui/input";
import { Sheet, SheetContent } from "@/components/ui/sheet";
import { Form } from "@/form/form";
import { FormField } from "@/form/form-field";
import { text } from "@/form/rules";
import { SubmitButton } from "@/form/submit-button";
import { useForm } from "@/form/use-form";
import { KeyGroups } from "./key-groups";
import { ownGroupsQuery, refreshTokens, tokens } from "./queries";

interface Props {
  /** The key to change; `"new"` makes one; nothing closes the sheet. */
  token: TokenView | "new" | undefined;
  onClose: () => void;
  onMade: (made: MadeToken) => void;
}

/** Makes a key, or changes its name and the channel groups it may use. */
export function TokenSheet(props: Props) {
  const { t } = useTranslation("tokens");
  const { token, onClose } = props;
  return (
    <Sheet open={token !== undefined} onOpenChange={(open) => !open && onClose()}>
      {token !== undefined && (
        <SheetContent title={token === "new" ? t("make") : t("change")} keepOpen>
          <TokenForm {...props} token={token} />
        </SheetContent>
      )}
    </Sheet>
  );
}

const nobody: readonly OwnChannelGroup[] = [];

function TokenForm({ token, onClose, onMade }: Props & { token: TokenView | "new" }) {
  const { t } = useTranslation("tokens");
  const queries = useQueryClient();
  const { data } = useQuery(ownGroupsQuery);
  const groups = data?.items ?? nobody;
  const before = token === "new" ? [] : token.channel_groups;
  const [chosen, setChosen] = useState<string[]>(before);
  const form = useForm(z.object({ name: text({ most: 64 }) }), {
    name: token === "new" ? "" : token.name,
  });
  return (
    <Form
      form={form}
      words={(problem) => (problem.code === "conflict" ? t("name_taken") : undefined)}
      onSubmit={async ({ name }) => {
        const draft = { name, channel_groups: chosen };
        if (token === "new") onMade(await tokens.make(draft));
        else await tokens.change(token.id, draft);
        await refreshTokens(queries);
        onClose();
      }}
    >
      <FormField name="name" label={t("column.name")} help={t("name_help")}>
        <Input autoFocus maxLength={64} />
      </FormField>
      {groups.length > 1 && <KeyGroups {...{ groups, chosen, setChosen }} />}
      <SubmitButton>{token === "new" ? t("make") : t("save")}</SubmitButton>
    </Form>
  );
}
