import type { ReactNode } from "react";

import { cn } from "@/components/class-names";

export interface Column {
  name: ReactNode;
  /** Figures stand right, one below the other. */
  isNumber?: boolean;
}

export interface StaticRow {
  id: string;
  cells: readonly ReactNode[];
  isStrong?: boolean;
  /** The reader's own among those of others. */
  isCurrent?: boolean;
}

interface Props {
  label: string;
  columns: readonly Column[];
  rows: readonly StaticRow[];
}

/** A few rows that are read, not worked with. It scrolls in its own box. */
export function StaticTable({ label, columns, rows }: Props) {
  return (
    <section
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard
      tabIndex={0}
      aria-label={label}
      className="relative overflow-x-auto rounded-panel border border-line"
    >
      <table aria-label={label} className="w-full border-collapse text-sm">
        <thead>
          <tr className="border-line border-b bg-surface-2">
            {columns.map((column, at) => (
              <th
                // biome-ignore lint/suspicious/noArrayIndexKey: columns never move
                key={at}
                scope="col"
                className={cn(
                  "whitespace-nowrap px-3 py-1.5 text-left font-medium text-fg-2 text-xs",
                  column.isNumber && "text-right",
                )}
              >
                {column.name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="divide-y divide-line">
          {rows.map((row) => (
            <tr
              key={row.id}
              aria-current={row.isCurrent || undefined}
              className={cn(row.isStrong && "font-semibold", row.isCurrent && "bg-primary-soft")}
            >
              {row.cells.map((cell, at) => (
                <td
                  // biome-ignore lint/suspicious/noArrayIndexKey: columns never move
                  key={at}
                  className={cn(
                    "px-3 py-1.5 align-top",
                    columns[at]?.isNumber && "num whitespace-nowrap text-right",
                  )}
                >
                  {cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
