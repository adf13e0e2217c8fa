import { useTranslation } from "react-i18next";

import { Field } from "@/components/ui/field";
import { Notice } from "@/components/ui/notice";
import { Segmented } from "@/components/ui/segmented";
import { Select } from "@/components/ui/select";
import { methods, type Payment } from "./use-payment";

/** The choice of how it is paid: the payment channel, and where it has several ways, which of them. */
export function PayBy({ payment }: { payment: Payment }) {
  const { t } = useTranslation("shop");
  const { ways, way, choose, method, setMethod, currency } = payment;
  if (!way) return <Notice tone="warn">{t("no_way", { currency })}</Notice>;
  return (
    <>
      <Field label={t("pay_by")}>
        <Select value={way.id} onChange={({ currentTarget }) => choose(currentTarget.value)}>
          {ways.map(({ id, name, test_mode }) => (
            <option key={id} value={id} data-raw="">
              {test_mode ? `${name} · ${t("test")}` : name}
            </option>
          ))}
        </Select>
      </Field>
      {way.kind === "epay" && (
        <Segmented
          label={t("method")}
          value={method}
          onChange={setMethod}
          options={methods.map((value) => ({ value, label: t(`methods.${value}`) }))}
        />
      )}
    </>
  );
}
