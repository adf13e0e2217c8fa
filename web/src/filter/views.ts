import { type ListSearch, listSearch } from "./list-search";

/** What of a list's address makes a view: not the page, and not the row that is open. */
export type View = Omit<ListSearch, "at" | "row">;

/** A view under a name. */
export interface SavedView {
  readonly name: string;
  readonly search: View;
}

/** The view in the address of a list. */
export function viewIn({ at: _, row: __, ...view }: ListSearch): View {
  return view;
}

/** The views in something that was saved once; whatever does not fit any more is dropped. */
export function viewsOf(saved: unknown): readonly SavedView[] {
  if (!Array.isArray(saved)) return [];
  return saved.flatMap((one: unknown) => {
    if (typeof one !== "object" || one === null) return [];
    const { name, search } = one as Record<string, unknown>;
    if (typeof name !== "string" || typeof search !== "object" || search === null) return [];
    return [{ name, search: viewIn(listSearch(search as Record<string, unknown>)) }];
  });
}

/** Whether two views show the same. */
export function isSame(left: View, right: View): boolean {
  const names = ["q", "f", "s", "t", "cols"] as const;
  return names.every((name) => left[name] === right[name]);
}
