import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { UserRow } from "@/api/types";
import { plain, ppmOf } from "@/channel-groups/multiplier";
import { Button } from "@/components/ui/button";
import { CodeBlock } from "@/components/ui/code-block";
import { Dialog, DialogContent } from "@/components/ui/dialog";
import { Input } from "@/components/ui/input";
import { Sheet, SheetContent } from "@/components/ui/sheet";
import { channelGroupsQuery, userGroupsQuery } from "@/config/queries";
import { Form } from "@/form/form";
import { FormField } from "@/form/form-field";
import { SubmitButton } from "@/form/submit-button";
import { suggestionsQuery } from "@/routing/queries";
import { useReauthenticated } from "@/session/reauthentication";
import { KeyGroups } from "@/tokens/key-groups";
import { refusedRule } from "@/tokens/key-rules";
import { LimitedSections } from "@/tokens/limited-sections";
import { useLimitedKey } from "@/tokens/use-limited-key";
import { KeyMultiplier } from "./key-multiplier";
import { type ApiKey, apiKeys } from "./keys";
import { refreshPeople } from "./queries";

interface Made {
  name: string;
  key: string;
}

interface Props {
  user: UserRow;
  /** The key to change; `"new"` makes one; nothing closes the sheet. */
  edited: ApiKey | "new" | undefined;
  onClose: () => void;
}

/** Makes a key for someone else and shows it this once, or changes what one may be used for. */
export function KeySheet(props: Props) {
  const { t } = useTranslation(["users", "tokens"]);
  const { user, edited, onClose } = props;
  const [made, setMade] = useState<Made>();
  const title =
    edited === "new"
      ? t("users:keys.make_for", { name: user.username })
      : t("users:keys.change_of", { key: edited?.name, name: user.username });
  return (
    <>
      <Sheet open={edited !== undefined} onOpenChange={(next) => !next && onClose()}>
        {edited !== undefined && (
          <SheetContent title={title} keepOpen>
            <KeyForm {...props} edited={edited} onMade={setMade} />
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

type FormProps = Props & { edited: ApiKey | "new"; onMade: (made: Made) => void };

function KeyForm({ user, edited, onClose, onMade }: FormProps) {
  const { t } = useTranslation(["users", "tokens"]);
  const queries = useQueryClient();
  const known = useReauthenticated();
  const groups = useGroupsOf(user);
  const { data: models = [] } = useQuery(suggestionsQuery("model"));
  const isNew = edited === "new";
  const before = isNew ? [] : (edited.channel_groups ?? []);
  const [chosen, setChosen] = useState<string[]>(before);
  const factorBefore = plain(isNew ? undefined : edited.multiplier);
  const [factor, setFactor] = useState(factorBefore);
  const { form, changedOf } = useLimitedKey(isNew ? {} : edited);
  const areGroupsSame = JSON.stringify(chosen) === JSON.stringify(before);
  return (
    <Form
      form={form}
      words={(problem) => (problem.code === "conflict" ? t("users:keys.taken") : undefined)}
      onSubmit={async (checked) => {
        if (ppmOf(factor) === undefined) return;
        const { name } = checked;
        const draft = {
          ...((isNew || !areGroupsSame) && { channel_groups: chosen }),
          ...changedOf(checked),
          ...(plain(factor) !== factorBefore && { multiplier: plain(factor) }),
        };
        try {
          if (isNew) {
            const { key } = await known(() => apiKeys.make(user.username, name, draft));
            if (key !== undefined) onMade({ name, key });
          } else if (Object.keys(draft).length > 0) {
            await known(() => apiKeys.change(edited, draft));
          }
        } catch (error) {
          const refused = refusedRule(error);
          if (!refused) throw error;
          form.setError(refused.path as "rules", { type: "server", message: refused.message });
          return;
        }
        await refreshPeople(queries);
        onClose();
      }}
    >
      <FormField
        name="name"
        label={t("tokens:column.name")}
        help={isNew ? t("users:keys.name_help") : t("users:keys.name_fixed")}
      >
        <Input autoFocus={isNew} readOnly={!isNew} maxLength={64} />
      </FormField>
      {groups.length > 1 && (
        <KeyGroups
          {...{ groups, chosen, setChosen }}
          words={{ all: t("users:keys.all_groups"), some: t("users:keys.some_groups") }}
        />
      )}
      <KeyMultiplier value={factor} onChange={setFactor} />
      <LimitedSections models={models.map(({ value }) => value)} />
      <SubmitButton>{isNew ? t("tokens:make") : t("tokens:save")}</SubmitButton>
    </Form>
  );
}

/** The channel groups that the user may use, with what each costs. */
function useGroupsOf(user: UserRow) {
  const channelGroups = useQuery(channelGroupsQuery).data?.items;
  const userGroups = useQuery(userGroupsQuery).data?.items;
  const allowed = userGroups?.find(({ name }) => name === user.user_group)?.channel_groups ?? [];
  return allowed.map((name) => {
    const group = channelGroups?.find((one) => one.name === name);
    return { name, multiplier: plain(group?.multiplier) };
  });
}
