import { type ListSearch, listSearch } from "@/filter/list-search";

/** The address of the list of models: the list, its open row, or one of the two sheets over it. */
export interface CatalogSearch extends ListSearch {
  /** Making a model. */
  make?: true;
  /** Bringing prices along. */
  import?: true;
}

const isOn = (value: unknown) => value === true || value === "true";

export function catalogSearch(search: Record<string, unknown>): CatalogSearch {
  return {
    ...listSearch(search),
    ...(isOn(search.make) && { make: true }),
    ...(isOn(search.import) && { import: true }),
  };
}
