import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";

import type { MadeToken, OwnChannelGroup, TokenView } from "@/api/types";
import { Checkbox } from "@/components/ui/checkbox";
import { Input } from "@/components/ui/input";
import { Label } from "@/components/ui/label";
import { Segmented } from "@/components/ui/segmented";
import { Sheet, SheetContent } from "@/components/ui/sheet";
import { Form } from "@/form/form";
import { FormField } from "@/form/form-field";
import { OrderedList } from "@/form/ordered-list";
import { text } from "@/form/rules";
import { SubmitButton } from "@/form/submit-button";
import { useForm } from "@/form/use-form";
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
      {groups.length > 1 && <Groups {...{ groups, chosen, setChosen }} />}
      <SubmitButton>{token === "new" ? t("make") : t("save")}</SubmitButton>
    </Form>
  );
}

/** All groups of the user, or some of them in an order of one's own. */
function Groups(props: {
  groups: readonly OwnChannelGroup[];
  chosen: string[];
  setChosen: (chosen: string[]) => void;
}) {
  const { t } = useTranslation("tokens");
  const { groups, chosen, setChosen } = props;
  const multiplier = new Map(groups.map((group) => [group.name, group.multiplier]));
  const order = chosen.length === 0 ? groups.map(({ name }) => name) : chosen;
  return (
    <fieldset className="space-y-3">
      <legend className="mb-1 font-medium">{t("column.groups")}</legend>
      <Segmented
        label={t("column.groups")}
        value={chosen.length === 0 ? "all" : "some"}
        onChange={(value) => setChosen(value === "all" ? [] : groups.map(({ name }) => name))}
        options={[
          { value: "all", label: t("all_groups") },
          { value: "some", label: t("some_groups") },
        ]}
      />
      {chosen.length > 0 && (
        <>
          <OrderedList
            label={t("column.groups")}
            items={chosen}
            onChange={setChosen}
            keyOf={(name) => name}
            nameOf={(name) => name}
          />
          {groups
            .filter(({ name }) => !chosen.includes(name))
            .map(({ name }) => (
              <Label key={name} className="flex items-center gap-2">
                <Checkbox checked={false} onChange={() => setChosen([...chosen, name])} />
                <span data-raw="">{name}</span>
              </Label>
            ))}
        </>
      )}
      <p className="text-fg-2 text-sm">
        {t("will_try")}{" "}
        <span data-raw="">
          {order.map((name) => `${name} ×${multiplier.get(name) ?? "?"}`).join(" → ")}
        </span>
      </p>
    </fieldset>
  );
}
