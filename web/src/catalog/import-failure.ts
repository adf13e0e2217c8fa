/** Why an import came to nothing, in words. */
import { useTranslation } from "react-i18next";

import { asProblem } from "@/api/problem";
import type texts from "@/i18n/en/catalog";

type Failure = keyof (typeof texts)["sync"]["failure"];

const failures: Record<Failure, true> = {
  unreachable: true,
  forbidden: true,
  status: true,
  redirect: true,
  too_large: true,
  not_a_list: true,
  refused: true,
};

const isFailure = (code: string): code is Failure => Object.hasOwn(failures, code);

/** Whether the list, or a price here, is another than was shown. */
export const isOvertaken = (error: unknown) =>
  error !== undefined && asProblem(error).code === "conflict";

/** The words for what went wrong; `undefined` where the usual ones do. */
export function useImportFailure(): (error: unknown, isCompared: boolean) => string | undefined {
  const { t } = useTranslation("catalog");
  return (error, isCompared) => {
    if (error === undefined) return undefined;
    const { code, fields } = asProblem(error);
    const address = fields.find(({ pointer }) => pointer === "/url");
    if (address?.code === "malformed") return t("import.url_none");
    if (address && isFailure(address.code)) return t(`sync.failure.${address.code}`);
    if (isCompared) return code === "conflict" ? t("import.overtaken") : undefined;
    return code === "malformed" ? t("import.unreadable") : undefined;
  };
}
