import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";

import { Dialog, DialogContent } from "@/components/ui/dialog";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import { Form } from "@/form/form";
import { FormField } from "@/form/form-field";
import { SubmitButton } from "@/form/submit-button";
import { useForm } from "@/form/use-form";
import { useMay } from "@/session/use-me";
import { ppmOf } from "./multiplier";
import { groups, refreshGroups } from "./queries";
import type { GroupNode } from "./tree";

const schema = z.object({
  name: z
    .string()
    .check(
      z.trim(),
      z.minLength(1, { error: "required" }),
      z.regex(/^[A-Za-z0-9_-]{1,64}$/, { error: "name_form" }),
    ),
  parent: z.string(),
  multiplier: z.string().check(
    z.trim(),
    z.refine((value) => ppmOf(value) !== undefined, { error: "multiplier" }),
  ),
});

/** Makes a group; its members are chosen on its own page, which opens next. */
export function NewGroupDialog(props: {
  open: boolean;
  onClose: () => void;
  nodes: readonly GroupNode[];
}) {
  const { t } = useTranslation("groups");
  return (
    <Dialog open={props.open} onOpenChange={(open) => !open && props.onClose()}>
      {props.open && (
        <DialogContent title={t("new.title")} keepOpen>
          <NewGroupForm {...props} />
        </DialogContent>
      )}
    </Dialog>
  );
}

function NewGroupForm(props: { onClose: () => void; nodes: readonly GroupNode[] }) {
  const { t } = useTranslation("groups");
  const queries = useQueryClient();
  const navigate = useNavigate();
  const mayPrice = useMay("prices.write");
  const form = useForm(schema, { name: "", parent: "", multiplier: "1" });
  const taken = new Set(props.nodes.map(({ group }) => group.name));
  return (
    <Form
      form={form}
      onSubmit={async ({ name, parent, multiplier }) => {
        if (taken.has(name)) {
          form.setError("name", { message: t("new.taken") }, { shouldFocus: true });
          return;
        }
        await groups.put(name, {
          ...(parent !== "" && { parent }),
          ...(mayPrice && { multiplier }),
        });
        await refreshGroups(queries);
        props.onClose();
        await navigate({ to: "/admin/channel-groups/$name", params: { name } });
      }}
    >
      <FormField name="name" label={t("column.name")} help={t("new.name_help")}>
        <Input autoFocus autoCapitalize="none" maxLength={64} />
      </FormField>
      <FormField name="parent" label={t("field.parent")}>
        <Select>
          <option value="">{t("field.no_parent")}</option>
          {props.nodes.map(({ group, path }) => (
            <option key={group.name} value={group.name} data-raw="">
              {path.join(" / ")}
            </option>
          ))}
        </Select>
      </FormField>
      {mayPrice && (
        <FormField
          name="multiplier"
          label={t("column.multiplier")}
          help={t("field.multiplier_help")}
        >
          <Input inputMode="decimal" />
        </FormField>
      )}
      <SubmitButton>{t("new.verb")}</SubmitButton>
    </Form>
  );
}
