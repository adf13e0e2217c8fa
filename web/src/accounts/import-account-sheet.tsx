import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";

import { ApiProblem, asProblem } from "@/api/problem";
import type { AccountView, ChannelView } from "@/api/types";
import { Input } from "@/components/ui/input";
import { Notice } from "@/components/ui/notice";
import { Sheet, SheetContent } from "@/components/ui/sheet";
import { Form } from "@/form/form";
import { FormField } from "@/form/form-field";
import { PasswordInput } from "@/form/password-input";
import { optionalText, text } from "@/form/rules";
import { SubmitButton } from "@/form/submit-button";
import { useForm } from "@/form/use-form";
import type { Tokens } from "./account";
import { AccountArrived } from "./account-arrived";
import { DestinationFields, destination, destinationOf, WithChannels } from "./destination-fields";
import { PasteTokens } from "./paste-tokens";
import { accounts, tookIn } from "./queries";

/** Longer than any token. */
const longest = 16_384;

const tokenFields = {
  refresh_token: text({ most: longest }),
  access_token: optionalText(longest),
  id_token: optionalText(longest),
  account_id: optionalText(),
};

/** Brings an account in by the tokens of a log-in made elsewhere. `of` is the channel, where it is known. */
export function ImportAccountSheet(props: {
  open: { of?: string } | undefined;
  onClose: () => void;
}) {
  const { t } = useTranslation("accounts");
  const { open, onClose } = props;
  return (
    <Sheet open={open !== undefined} onOpenChange={(isOpen) => !isOpen && onClose()}>
      {open && (
        <SheetContent keepOpen title={t("import.title")}>
          <WithChannels channel={open.of}>
            {(first, channels) => <Import first={first} channels={channels} onClose={onClose} />}
          </WithChannels>
        </SheetContent>
      )}
    </Sheet>
  );
}

interface Props {
  first: string;
  channels: readonly ChannelView[] | undefined;
}

function Import({ onClose, ...props }: Props & { onClose: () => void }) {
  const { t } = useTranslation("accounts");
  const [account, setAccount] = useState<AccountView>();
  if (account) {
    return <AccountArrived account={account} heading={t("import.done")} onClose={onClose} />;
  }
  return <ImportForm {...props} onDone={setAccount} />;
}

/** The tokens leave the page with the form. */
function ImportForm(props: Props & { onDone: (account: AccountView) => void }) {
  const { t } = useTranslation("accounts");
  const queries = useQueryClient();
  const worded = useWorded();
  const form = useForm(z.object({ ...destination, ...tokenFields }), {
    channel: props.first,
    credential: "",
    refresh_token: "",
    access_token: "",
    id_token: "",
    account_id: "",
  });
  /** All four at once: a file of one account must not be mixed with what was there of another. */
  const fill = (found: Tokens) => {
    for (const name of ["refresh_token", "access_token", "id_token", "account_id"] as const) {
      form.setValue(name, found[name] ?? "", { shouldDirty: true, shouldValidate: true });
    }
  };
  return (
    <Form
      form={form}
      autoComplete="off"
      words={(problem) => {
        if (problem.code === "conflict") return t("import.conflict");
        if (problem.code === "not_found") return t("log_in.failed.no_channel");
        return problem.params.failure === "vendor" ? t("problem.vendor") : undefined;
      }}
      onSubmit={async ({ channel, credential, ...tokens }) => {
        const given = Object.entries(tokens).filter(([, value]) => value !== "");
        const { refresh_token } = tokens;
        const sent = {
          ...destinationOf({ channel, credential }),
          ...Object.fromEntries(given),
          refresh_token,
        };
        const account = await accounts.import(sent).catch((error: unknown) => {
          throw worded(error);
        });
        await tookIn(queries, account);
        props.onDone(account);
      }}
    >
      <Notice tone="warn">{t("import.about")}</Notice>
      <DestinationFields channels={props.channels} />
      <PasteTokens onFound={fill} />
      <FormField
        name="refresh_token"
        label={t("import.refresh_token")}
        help={t("import.refresh_help")}
      >
        <PasswordInput autoComplete="new-password" className="font-mono" />
      </FormField>
      <FormField
        name="access_token"
        label={t("import.access_token")}
        help={t("import.access_help")}
        optional
      >
        <PasswordInput autoComplete="new-password" className="font-mono" />
      </FormField>
      <FormField name="id_token" label={t("import.id_token")} help={t("import.id_help")} optional>
        <PasswordInput autoComplete="new-password" className="font-mono" />
      </FormField>
      <FormField
        name="account_id"
        label={t("import.account_id")}
        help={t("import.account_id_help")}
        optional
      >
        <Input autoCapitalize="none" className="font-mono" />
      </FormField>
      <SubmitButton>{t("import.verb")}</SubmitButton>
    </Form>
  );
}

/** What the server has against tokens, in the words of this page. */
function useWorded(): (error: unknown) => ApiProblem {
  const { t } = useTranslation("accounts");
  return (error) => {
    const problem = asProblem(error);
    const fields = problem.fields.map((mistake) => {
      if (mistake.code === "refused") {
        return { ...mistake, detail: t("import.refused", { why: mistake.detail }) };
      }
      const isNeeded = mistake.pointer === "/id_token" && mistake.code === "needed";
      return isNeeded ? { ...mistake, detail: t("import.id_needed") } : mistake;
    });
    const { code, status, detail, params, mistakes, requestId, retryAfter } = problem;
    return new ApiProblem({
      ...{ code, status, detail, params, mistakes, requestId, retryAfter, fields },
    });
  };
}
