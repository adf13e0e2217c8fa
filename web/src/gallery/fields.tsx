import { useState } from "react";
import { useTranslation } from "react-i18next";

import { Checkbox } from "@/components/ui/checkbox";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Segmented } from "@/components/ui/segmented";
import { Select } from "@/components/ui/select";
import { Switch } from "@/components/ui/switch";
import { Tabs, TabsContent, TabsList, TabsTrigger } from "@/components/ui/tabs";
import { Textarea } from "@/components/ui/textarea";
import { Advanced } from "@/form/advanced";
import { ListInput } from "@/form/list-input";
import { PasswordInput } from "@/form/password-input";
import { SecretInput } from "@/form/secret-input";

export function Fields() {
  const { t } = useTranslation("ui");
  const [secret, setSecret] = useState<string>();
  const [addresses, setAddresses] = useState(["10.0.0.0/8", "192.0.2.7"]);
  return (
    <div className="grid gap-x-6 gap-y-4 sm:grid-cols-2">
      <Field label={t("sample.name")} help={t("sample.help")}>
        <Input defaultValue="pro-1" />
      </Field>
      <Field label={t("sample.name")} error={t("sample.error")} help={t("sample.help")}>
        <Input defaultValue="pro-1" />
      </Field>
      <Field label={t("sample.timeout")} unit="ms" optional>
        <Input defaultValue="30000" inputMode="numeric" className="num" />
      </Field>
      <Field label={t("sample.kind")}>
        <Select defaultValue="openai">
          <option value="openai">OpenAI</option>
          <option value="anthropic">Anthropic</option>
          <option value="gemini">Gemini</option>
        </Select>
      </Field>
      <Field label={t("sample.name")}>
        <Input defaultValue="ch_01jd" readOnly />
      </Field>
      <Field label={t("sample.name")}>
        <Input defaultValue="pro-1" disabled />
      </Field>
      <Field label={t("sample.secret")}>
        <SecretInput hint="9f3a" value={secret} onChange={setSecret} />
      </Field>
      <Field label={t("sample.secret")}>
        <PasswordInput defaultValue="correct horse" />
      </Field>
      <Field label={t("sample.addresses")} optional>
        <ListInput value={addresses} onChange={setAddresses} />
      </Field>
      <Field label={t("sample.note")} optional>
        <Textarea />
      </Field>
      <Advanced changed={3}>
        <Field label={t("sample.timeout")} unit="ms">
          <Input defaultValue="30000" />
        </Field>
      </Advanced>
    </div>
  );
}

export function Choices() {
  const { t } = useTranslation("ui");
  const [range, setRange] = useState("24h");
  return (
    <div className="space-y-4">
      <div className="flex flex-wrap items-center gap-x-6 gap-y-3">
        <Checkbox label={t("sample.stream")} defaultChecked />
        <Checkbox label={t("sample.stream")} />
        <Checkbox label={t("sample.stream")} indeterminate />
        <Switch aria-label={t("sample.enabled")} defaultChecked />
        <Switch aria-label={t("sample.enabled")} />
        <Segmented
          label={t("sample.range")}
          value={range}
          onChange={setRange}
          options={["24h", "7d", "30d"].map((value) => ({ value, label: value }))}
        />
      </div>
      <Tabs defaultValue="one">
        <TabsList aria-label={t("choices")}>
          <TabsTrigger value="one">{t("sample.tab_one")}</TabsTrigger>
          <TabsTrigger value="two">{t("sample.tab_two")}</TabsTrigger>
          <TabsTrigger value="three">{t("sample.tab_three")}</TabsTrigger>
        </TabsList>
        <TabsContent value="one">{t("sample.body")}</TabsContent>
        <TabsContent value="two">{t("sample.heading")}</TabsContent>
        <TabsContent value="three">{t("sample.body")}</TabsContent>
      </Tabs>
    </div>
  );
}
