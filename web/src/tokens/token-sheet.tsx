import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { MadeToken, OwnChannelGroup, TokenView, UserModel } from "@/api/types";
import { Input } from "@/components/ui/input";
import { Sheet, SheetContent } from "@/components/ui/sheet";
import { Form } from "@/form/form";
import { FormField } from "@/form/form-field";
import { SubmitButton } from "@/form/submit-button";
import { modelsQuery } from "@/models/queries";
import { KeyGroups } from "./key-groups";
import { refusedRule } from "./key-rules";
import { LimitedSections } from "./limited-sections";
import { ownGroupsQuery, refreshTokens, tokens } from "./queries";
import { useLimitedKey } from "./use-limited-key";

interface Props {
  /** The key to change; `"new"` makes one; nothing closes the sheet. */
  token: TokenView | "new" | undefined;
  onClose: () => void;
  onMade: (made: MadeToken) => void;
}

/** Makes a key, or changes its name, the channel groups it may use, its limits and what it is good for. */
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
const noModels: readonly UserModel[] = [];

function TokenForm({ token, onClose, onMade }: Props & { token: TokenView | "new" }) {
  const { t } = useTranslation("tokens");
  const queries = useQueryClient();
  const { data } = useQuery(ownGroupsQuery);
  const groups = data?.items ?? nobody;
  const models = useQuery(modelsQuery).data?.items ?? noModels;
  const [chosen, setChosen] = useState<string[]>(token === "new" ? [] : token.channel_groups);
  const { form, changedOf } = useLimitedKey(token === "new" ? {} : token);
  return (
    <Form
      form={form}
      words={(problem) => (problem.code === "conflict" ? t("name_taken") : undefined)}
      onSubmit={async (checked) => {
        const draft = { name: checked.name, channel_groups: chosen, ...changedOf(checked) };
        try {
          if (token === "new") onMade(await tokens.make(draft));
          else await tokens.change(token.id, draft);
        } catch (error) {
          const refused = refusedRule(error);
          if (!refused) throw error;
          form.setError(refused.path as "rules", { type: "server", message: refused.message });
          return;
        }
        await refreshTokens(queries);
        onClose();
      }}
    >
      <FormField name="name" label={t("column.name")} help={t("name_help")}>
        <Input autoFocus maxLength={64} />
      </FormField>
      {groups.length > 1 && <KeyGroups {...{ groups, chosen, setChosen }} />}
      <LimitedSections models={models.map(({ name }) => name)} />
      <SubmitButton>{token === "new" ? t("make") : t("save")}</SubmitButton>
    </Form>
  );
}
