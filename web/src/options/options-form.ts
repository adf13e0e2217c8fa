import { createContext, useContext } from "react";
import { useTranslation } from "react-i18next";

import { below, type Mistake } from "./mistakes";
import type { OptionsDraft } from "./options";

interface OptionsForm {
  values: OptionsDraft;
  set: (change: Partial<OptionsDraft>) => void;
  mistakes: readonly Mistake[];
}

export const OptionsFormContext = createContext<OptionsForm | undefined>(undefined);

/** The options being edited on the tab around. */
export function useOptionsForm(): OptionsForm & {
  mistakeOf: (field: string) => string | undefined;
} {
  const form = useContext(OptionsFormContext);
  if (!form) throw new Error("outside of the form of options");
  const words = useMistakeWords();
  return {
    ...form,
    mistakeOf: (field) => {
      const found = below(form.mistakes, field).map(({ rest, message }) =>
        [rest, words(message)].filter(Boolean).join(" "),
      );
      return found.length === 0 ? undefined : [...new Set(found)].join("; ");
    },
  };
}

/** The page's own words for a mistake; the server's are shown as they are. */
export function useMistakeWords(): (message: string) => string {
  const { t, i18n } = useTranslation("options");
  return (message) =>
    i18n.exists(`mistake.${message}`, { ns: "options" })
      ? t(`mistake.${message}` as "mistake.json")
      : message;
}
