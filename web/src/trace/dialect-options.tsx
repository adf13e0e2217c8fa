import { useTranslation } from "react-i18next";

import { dialects } from "@/api/words";

/** Every dialect by its name, as the options of a `Select`. */
export function DialectOptions() {
  const { t } = useTranslation("trace");
  return dialects.map((one) => (
    <option key={one} value={one}>
      {t(`dialect.${one}`)}
    </option>
  ));
}
