import { useTranslation } from "react-i18next";

import { Segmented } from "@/components/ui/segmented";

/** In what it is paid; one currency is no choice. */
export function ChooseCurrency(props: {
  currencies: readonly string[];
  value: string;
  onChange: (currency: string) => void;
}) {
  const { t } = useTranslation("shop");
  if (props.currencies.length < 2) return null;
  return (
    <Segmented
      label={t("currency")}
      value={props.value}
      onChange={props.onChange}
      options={props.currencies.map((value) => ({ value, label: value }))}
    />
  );
}
