import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";

import type { UserRow } from "@/api/types";
import { plain } from "@/channel-groups/multiplier";
import { Button } from "@/components/ui/button";
import { CodeBlock } from "@/components/ui/code-block";
import { Dialog, DialogContent } from "@/components/ui/dialog";
import { Input } from "@/components/ui/input";
import { Sheet, SheetContent } from "@/components/ui/sheet";
import { channelGroupsQuery, userGroupsQuery } from "@/config/queries";
import { Form } from "@/form/form";
import { FormField } from "@/form/form-field";
import { text } from "@/form/rules";
import { SubmitButton } from "@/form/submit-button";
import { useForm } from "@/form/use-form";
import { useReauthenticated } from "@/session/reauthentication";
import { KeyGroups } from "@/tokens/key-groups";
import { apiKeys } from "./keys";
import { refreshPeople } from "./queries";

interface Made {
  name: string;
  key: string;
}

interface Props {
  user: UserRow;
  open: boolean;
  onClose: () => void;
}

/** Makes a key for someone else, and shows it this once. */
export function NewKey(props: Props) {
  const { t } = useTranslation(["users", "tokens"]);
  const { user, open, onClose } = props;
  const [made, setMade] = useState<Made>();
  return (
    <>
      <Sheet open={open} onOpenChange={(next) => !next && onClose()}>
        {open && (
          <SheetContent title={t("users:keys.make_for", { name: user.username })} keepOpen>
            <NewKeyForm {...props} onMade={setMade} />
          </SheetContent>
        )}
      </Sheet>
      <Dialog open={made !== undefined} onOpenChange={(next) => !next && setMade(undefined)}>
        {made && (
          <DialogContent
            keepOpen
            title={t("users:keys.made", { name: user.username })}
            description={t("tokens:made.once")}
            footer={
              <Button variant="primary" onClick={() => setMade(undefined)}>
                {t("tokens:made.saved")}
              </Button>
            }
          >
            <CodeBlock name={made.name} text={made.key} wrap />
          </DialogContent>
        )}
      </Dialog>
    </>
  );
}

function NewKeyForm({ user, onClose, onMade }: Props & { onMade: (made: Made) => void }) {
  const { t } = useTranslation(["users", "tokens"]);
  const queries = useQueryClient();
  const known = useReauthenticated();
  const channelGroups = useQuery(channelGroupsQuery).data?.items;
  const userGroups = useQuery(userGroupsQuery).data?.items;
  const allowed = userGroups?.find(({ name }) => name === user.user_group)?.channel_groups ?? [];
  const groups = allowed.map((name) => {
    const group = channelGroups?.find((one) => one.name === name);
    return { name, multiplier: plain(group?.multiplier) };
  });
  const [chosen, setChosen] = useState<string[]>([]);
  const form = useForm(z.object({ name: text({ most: 64 }) }), { name: "" });
  return (
    <Form
      form={form}
      words={(problem) => (problem.code === "conflict" ? t("users:keys.taken") : undefined)}
      onSubmit={async ({ name }) => {
        const { key } = await known(() => apiKeys.make(user.username, name, chosen));
        if (key !== undefined) onMade({ name, key });
        await refreshPeople(queries);
        onClose();
      }}
    >
      <FormField name="name" label={t("tokens:column.name")} help={t("users:keys.name_help")}>
        <Input autoFocus maxLength={64} />
      </FormField>
      {groups.length > 1 && (
        <KeyGroups
          {...{ groups, chosen, setChosen }}
          words={{ all: t("users:keys.all_groups"), some: t("users:keys.some_groups") }}
        />
      )}
      <SubmitButton>{t("tokens:make")}</SubmitButton>
    </Form>
  );
}
