/** What the rules of a key let it call, as the server reads them. */
import type { Dialect, KeyRules } from "@/api/types";

export function allowsModel({ models = [] }: KeyRules, name: string): boolean {
  if (models.length === 0) return true;
  return models.some((pattern) =>
    pattern.endsWith("*") ? name.startsWith(pattern.slice(0, -1)) : pattern === name,
  );
}

export const allowsDialect = ({ dialects = [] }: KeyRules, dialect: Dialect): boolean =>
  dialects.length === 0 || dialects.includes(dialect);
