import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";

import type { SetupState } from "@/api/types";
import { Input } from "@/components/ui/input";
import { Notice } from "@/components/ui/notice";
import { Form } from "@/form/form";
import { FormField } from "@/form/form-field";
import { httpUrl } from "@/form/rules";
import { SubmitButton } from "@/form/submit-button";
import { useForm } from "@/form/use-form";
import { useBootstrap } from "@/session/use-me";
import { refreshAddress, setup } from "./queries";

const schema = z.object({ site_base_url: httpUrl() });

/** Under which address people and programs reach this server. */
export function AddressStep({ state, onDone }: { state: SetupState; onDone: () => void }) {
  const { t } = useTranslation("setup");
  const queries = useQueryClient();
  const { site_base_url } = useBootstrap();
  const form = useForm(schema, { site_base_url: site_base_url ?? state.detected_address });
  return (
    <Form
      form={form}
      className="max-w-120"
      onSubmit={async (values) => {
        await setup.saveAddress(values.site_base_url.replace(/\/+$/, ""));
        await refreshAddress(queries);
        onDone();
      }}
    >
      <FormField
        name="site_base_url"
        label={t("address.label")}
        help={t("address.detected", { address: state.detected_address })}
      >
        <Input inputMode="url" autoCapitalize="none" className="font-mono text-sm" autoFocus />
      </FormField>
      {state.forwarded_proto_untrusted && (
        <Notice tone="warn">{t("address.untrusted_proxy")}</Notice>
      )}
      <SubmitButton>{t("address.save")}</SubmitButton>
    </Form>
  );
}
