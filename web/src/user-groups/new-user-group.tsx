import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";

import { ppmOf } from "@/channel-groups/multiplier";
import { Dialog, DialogContent } from "@/components/ui/dialog";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import type { UserGroup } from "@/config/objects";
import { channelGroupsQuery } from "@/config/queries";
import { Form } from "@/form/form";
import { FormField } from "@/form/form-field";
import { SubmitButton } from "@/form/submit-button";
import { useForm } from "@/form/use-form";
import { useMay } from "@/session/use-me";
import { refreshUserGroups, userGroups } from "./queries";
import { orderLine } from "./try-order";

interface Props {
  open: boolean;
  onClose: () => void;
  groups: readonly UserGroup[];
}

const schema = z.object({
  name: z
    .string()
    .check(
      z.trim(),
      z.minLength(1, { error: "required" }),
      z.regex(/^[A-Za-z0-9_-]{1,64}$/, { error: "name_form" }),
    ),
  like: z.string(),
  multiplier: z.string().check(
    z.trim(),
    z.refine((value) => ppmOf(value) !== undefined, { error: "multiplier" }),
  ),
});

/** Makes a group that allows what another one does, or nothing; the order is chosen on its page, which opens next. */
export function NewUserGroup(props: Props) {
  const { t } = useTranslation("user_groups");
  return (
    <Dialog open={props.open} onOpenChange={(open) => !open && props.onClose()}>
      {props.open && (
        <DialogContent title={t("new.title")} keepOpen>
          <NewUserGroupForm {...props} />
        </DialogContent>
      )}
    </Dialog>
  );
}

function NewUserGroupForm({ groups, onClose }: Props) {
  const { t } = useTranslation("user_groups");
  const queries = useQueryClient();
  const navigate = useNavigate();
  const mayPrice = useMay("prices.write");
  const channelGroups = useQuery(channelGroupsQuery).data?.items;
  const form = useForm(schema, {
    name: "",
    like: groups[0]?.name ?? "",
    multiplier: "1",
  });
  return (
    <Form
      form={form}
      words={(problem) => (problem.code === "conflict" ? t("new.taken") : undefined)}
      onSubmit={async ({ name, like, multiplier }) => {
        await userGroups.make(name, {
          channel_groups: groups.find((one) => one.name === like)?.channel_groups ?? [],
          ...(multiplier !== "1" && { multiplier }),
        });
        await refreshUserGroups(queries);
        onClose();
        await navigate({ to: "/admin/user-groups/$name", params: { name } });
      }}
    >
      <FormField name="name" label={t("column.name")} help={t("new.name_help")}>
        <Input autoFocus autoCapitalize="none" maxLength={64} />
      </FormField>
      <FormField name="like" label={t("new.like")} help={t("new.like_help")}>
        <Select>
          <option value="">{t("new.like_none")}</option>
          {groups.map(({ name, channel_groups = [] }) => (
            <option key={name} value={name} data-raw="">
              {`${name}: ${orderLine(channel_groups, channelGroups)}`}
            </option>
          ))}
        </Select>
      </FormField>
      {mayPrice && (
        <FormField name="multiplier" label={t("column.multiplier")} help={t("multiplier_help")}>
          <Input inputMode="decimal" className="num" />
        </FormField>
      )}
      <SubmitButton>{t("new.verb")}</SubmitButton>
    </Form>
  );
}
