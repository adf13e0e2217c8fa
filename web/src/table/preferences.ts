import { createContext } from "react";

import { readPreference, writePreference } from "@/shell/preference";

export const densities = ["compact", "default", "relaxed"] as const;
export type Density = (typeof densities)[number];

/** The height of a row, in pixels. */
export const rowHeights: Record<Density, number> = { compact: 32, default: 36, relaxed: 44 };

/** How a person likes one table. What they never touched is left out. */
export interface Layout {
  readonly density?: Density;
  /** All columns in their order, as far as it was changed; new ones come at their usual place. */
  readonly order?: readonly string[];
  /** Shown or not, where it differs from the usual. */
  readonly shown?: Readonly<Record<string, boolean>>;
  /** Pixels. */
  readonly widths?: Readonly<Record<string, number>>;
}

/** Where layouts are kept, by the name of the table. */
export interface LayoutStore {
  read(table: string): Layout;
  write(table: string, layout: Layout): void;
}

/** On this device. */
export const localLayouts: LayoutStore = {
  read: (table) => {
    const saved = readPreference(`table.${table}`);
    if (saved === null) return {};
    try {
      return layoutOf(JSON.parse(saved));
    } catch {
      return {};
    }
  },
  write: (table, layout) => writePreference(`table.${table}`, JSON.stringify(layout)),
};

/** The store of the tables below; a signed-in person's preferences go with them to every device. */
export const LayoutStoreContext = createContext<LayoutStore>(localLayouts);

/** The layout in something that was saved once; whatever does not fit any more is dropped. */
export function layoutOf(saved: unknown): Layout {
  if (!isRecord(saved)) return {};
  const density = densities.find((one) => one === saved.density);
  const order = Array.isArray(saved.order) ? saved.order.filter(isText) : undefined;
  const shown = entriesOf(saved.shown, (value) => typeof value === "boolean");
  const widths = entriesOf(
    saved.widths,
    (value) => typeof value === "number" && value >= narrowest && value <= widest,
  );
  return {
    ...(density && { density }),
    ...(order && { order }),
    ...(shown && { shown: shown as Record<string, boolean> }),
    ...(widths && { widths: widths as Record<string, number> }),
  };
}

/** The bounds of a column's width, in pixels. */
export const narrowest = 56;
export const widest = 1_200;

function entriesOf(value: unknown, isFit: (value: unknown) => boolean) {
  if (!isRecord(value)) return undefined;
  return Object.fromEntries(Object.entries(value).filter(([, one]) => isFit(one)));
}

const isText = (value: unknown): value is string => typeof value === "string";

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
