/** The layouts of tables, kept with the account, so that every device shows them alike. */
import type { QueryClient } from "@tanstack/react-query";

import type { Me } from "@/api/types";
import {
  densities,
  type Layout,
  type LayoutStore,
  layoutOf,
  localLayouts,
} from "@/table/preferences";
import { savePreferences } from "./preferences";
import { meQuery } from "./session";

/** Kept on this device besides: what the server did not get is not lost. */
export function accountLayouts(queries: QueryClient): LayoutStore {
  const preferences = () => queries.getQueryData<Me | null>(meQuery.queryKey)?.preferences ?? {};
  const usual = () => densities.find((one) => one === preferences().density);
  const tables = () => recordOf(preferences().tables);
  return {
    read(table) {
      const kept = tables()[table];
      const layout = kept === undefined ? localLayouts.read(table) : layoutOf(kept);
      const density = layout.density ?? usual();
      return density ? { ...layout, density } : layout;
    },
    write(table, { density, ...layout }) {
      // What everyone of one's tables has is no liking for this one.
      const own: Layout =
        density === undefined || density === usual() ? layout : { density, ...layout };
      localLayouts.write(table, own);
      const { [table]: _, ...others } = tables();
      const next = Object.keys(own).length > 0 ? { ...others, [table]: own } : others;
      savePreferences(queries, { tables: next }).catch(() => undefined);
    },
  };
}

/** An object of the preferences, whatever else stands there now. */
export function recordOf(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};
}
