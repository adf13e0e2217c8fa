import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";

import type { UserRow } from "@/api/types";
import { Dialog, DialogContent } from "@/components/ui/dialog";
import { ConfirmDialog } from "@/form/confirm-dialog";
import { Form } from "@/form/form";
import { FormField } from "@/form/form-field";
import { PasswordInput } from "@/form/password-input";
import { newPassword } from "@/form/rules";
import { SubmitButton } from "@/form/submit-button";
import { useForm } from "@/form/use-form";
import { useReauthenticated } from "@/session/reauthentication";
import { refreshPeople, users } from "./queries";

export type Deed = "log_out" | "disable" | "enable" | "totp" | "remove" | "password";

export interface Asked {
  deed: Deed;
  user: UserRow;
}

/** The question before a deed, with what it means for this account. */
export function UserDeed(props: {
  asked: Asked | undefined;
  onClose: () => void;
  /** It is done, and what shows the user is about to be asked anew. */
  onDone?: (deed: Deed) => void;
}) {
  const { asked, onClose, onDone } = props;
  const { t } = useTranslation("users");
  const queries = useQueryClient();
  const known = useReauthenticated();
  if (!asked) return null;
  const { deed, user } = asked;
  if (deed === "password") return <PasswordDialog user={user} onClose={onClose} />;
  const { username: name } = user;
  const run = () => {
    if (deed === "log_out") return users.logOut(name);
    if (deed === "totp") return users.resetTotp(name);
    if (deed === "remove") return users.remove(name);
    return users.change(name, { enabled: deed === "enable" });
  };
  return (
    <ConfirmDialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t(`deed.${deed}.title`, { name })}
      consequence={t(`deed.${deed}.text`, { keys: user.keys, calls: user.last_30d.calls })}
      verb={t(deed)}
      harmless={deed === "enable"}
      typedName={deed === "remove" ? name : undefined}
      onConfirm={async () => {
        await known(run);
        onDone?.(deed);
        await refreshPeople(queries);
      }}
    />
  );
}

function PasswordDialog({ user, onClose }: { user: UserRow; onClose: () => void }) {
  const { t } = useTranslation(["users", "auth"]);
  const known = useReauthenticated();
  const form = useForm(z.object({ password: newPassword() }), { password: "" });
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()}>
      <DialogContent
        keepOpen
        title={t("users:deed.password.title", { name: user.username })}
        description={t("users:deed.password.text")}
      >
        <Form
          form={form}
          onSubmit={async ({ password }) => {
            await known(() => users.setPassword(user.username, password));
            onClose();
          }}
        >
          <input type="hidden" autoComplete="username" value={user.username} readOnly />
          <FormField name="password" label={t("auth:new_password")}>
            <PasswordInput autoComplete="new-password" autoFocus />
          </FormField>
          <SubmitButton>{t("users:password")}</SubmitButton>
        </Form>
      </DialogContent>
    </Dialog>
  );
}
