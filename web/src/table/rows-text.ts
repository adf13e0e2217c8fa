import type { Column } from "./column";

type Written<Item> = Pick<Column<Item>, "id" | "header" | "text">;

/** Cells of the loaded rows, for a spreadsheet: tabs between cells, one line each. */
export function asTsv<Item>(columns: readonly Written<Item>[], items: readonly Item[]): string {
  const line = (cells: readonly string[]) => cells.map(guarded).join("\t");
  return [
    line(columns.map(({ header }) => header)),
    ...items.map((item) => line(columns.map(({ text }) => text?.(item) ?? ""))),
  ].join("\n");
}

/** The same as a table of Markdown. */
export function asMarkdown<Item>(
  columns: readonly Written<Item>[],
  items: readonly Item[],
): string {
  const line = (cells: readonly string[]) => `| ${cells.map(escaped).join(" | ")} |`;
  return [
    line(columns.map(({ header }) => header)),
    `|${columns.map(() => " --- |").join("")}`,
    ...items.map((item) => line(columns.map(({ text }) => text?.(item) ?? ""))),
  ].join("\n");
}

/** One line, and never a formula: a cell that begins like one gets a quote before it. */
function guarded(cell: string): string {
  const flat = cell.replace(/[\t\r\n]+/g, " ");
  const isNumber = /^[-+]?[\d.,]+$/.test(flat);
  return /^[=+\-@]/.test(flat) && !isNumber ? `'${flat}` : flat;
}

function escaped(cell: string): string {
  return cell.replace(/\s+/g, " ").replace(/[\\|`*_<>[\]]/g, "\\$&");
}
