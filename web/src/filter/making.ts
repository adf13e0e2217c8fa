/** A list whose address also says whether something new is being made: Back closes the sheet. */
import { useNavigate, useSearch } from "@tanstack/react-router";

import { type ListSearch, listSearch } from "./list-search";

/** The address of such a list: its open row, or the sheet that makes one. */
export interface MakingSearch extends ListSearch {
  make?: true;
}

export const makingSearch = (search: Record<string, unknown>): MakingSearch => ({
  ...listSearch(search),
  ...((search.make === true || search.make === "true") && { make: true }),
});

/** Whether something is being made, and how to begin or end that. */
export function useMaking() {
  const navigate = useNavigate();
  const { make: isMaking = false } = makingSearch(useSearch({ strict: false }));
  const make = (is: boolean) =>
    void navigate({
      to: ".",
      search: (({ make: _, row: __, ...rest }: MakingSearch) => ({
        ...rest,
        ...(is && { make: true }),
      })) as never,
      resetScroll: false,
    });
  return { isMaking, make };
}
