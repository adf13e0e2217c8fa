import { useTranslation } from "react-i18next";

import type { Operator } from "./grammar";

const names = { ":": "is", "!:": "is_not", ">": "above", "<": "below" } as const;

/** What an operator is called. */
export function useOperatorText(): (operator: Operator) => string {
  const { t } = useTranslation("filter");
  return (operator) => t(`operators.${names[operator]}`);
}
