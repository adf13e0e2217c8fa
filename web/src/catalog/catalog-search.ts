import { type ListSearch, listSearch } from "@/filter/list-search";

/** The address of the list of models: the list, its open row, or one of the sheets over it. */
export interface CatalogSearch extends ListSearch {
  /** Making a model. */
  make?: true;
  /** Bringing prices along. */
  import?: true;
  /** Keeping prices up with a list. */
  prices?: true;
}

const isOn = (value: unknown) => value === true || value === "true";

export function catalogSearch(search: Record<string, unknown>): CatalogSearch {
  return {
    ...listSearch(search),
    ...(isOn(search.make) && { make: true }),
    ...(isOn(search.import) && { import: true }),
    ...(isOn(search.prices) && { prices: true }),
  };
}
