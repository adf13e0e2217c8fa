import { useTranslation } from "react-i18next";

import type { ChannelKind } from "@/api/types";
import { channelKinds } from "@/api/words";
import { Field } from "@/components/ui/field";
import { Notice } from "@/components/ui/notice";
import { Segmented } from "@/components/ui/segmented";
import { Select } from "@/components/ui/select";
import { vendorAt, vendorOfKind, vendors } from "./vendors";

interface Props {
  kind: ChannelKind;
  baseUrl: string;
  onChange: (kind: ChannelKind, baseUrl: string) => void;
}

/** What kind of API it is, or which vendor: that fills in the address. */
export function KindField({ kind, baseUrl, onChange }: Props) {
  const { t } = useTranslation("channels");
  const vendor = vendorAt(kind, baseUrl);
  return (
    <div className="space-y-3">
      <div className="grid gap-4 sm:grid-cols-2">
        <div className="min-w-0 space-y-1">
          <p aria-hidden="true" className="font-medium text-sm">
            {t("field.kind")}
          </p>
          <Segmented
            label={t("field.kind")}
            value={kind}
            onChange={(next) => {
              // An address of one's own stays; a vendor's gives way to that of the other kind.
              const own = baseUrl.trim() !== "" && !vendor;
              onChange(next, own ? baseUrl : vendorOfKind(next).base_url);
            }}
            options={channelKinds.map((value) => ({ value, label: t(`kind.${value}`) }))}
          />
        </div>
        <Field label={t("field.vendor")}>
          <Select
            value={vendor?.id ?? ""}
            onChange={(event) => {
              const next = vendors.find(({ id }) => id === event.target.value);
              if (next) onChange(next.kind, next.base_url);
            }}
          >
            <option value="">{t("vendor_other")}</option>
            {vendors.map(({ id, name }) => (
              <option key={id} value={id} data-raw="">
                {name}
              </option>
            ))}
          </Select>
        </Field>
      </div>
      {kind === "codex" && <Notice tone="info">{t("codex_keys")}</Notice>}
    </div>
  );
}
