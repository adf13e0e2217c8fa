import { type ListSearch, listSearch } from "@/filter/list-search";

/** The address of the list of channels: the list, and the sheet that is open over it. */
export interface ChannelsSearch extends ListSearch {
  /** Adding a channel: from nothing, or like the one of this name. */
  add?: string;
  /** The channel that is tested. */
  test?: string;
  /** By group, in the order in which calls try them, instead of as a table. */
  view?: "groups";
  /** Bringing channels along from a file. */
  import?: true;
}

export function channelsSearch(search: Record<string, unknown>): ChannelsSearch {
  const { add, test, view } = search;
  return {
    ...listSearch(search),
    ...(add !== undefined && { add: String(add) }),
    ...(test !== undefined && { test: String(test) }),
    ...(view === "groups" && { view }),
    ...((search.import === true || search.import === "true") && { import: true as const }),
  };
}

/** The address of a channel's page: the test that is open, of all models or of these, and how deep it goes. */
export interface ChannelSearch {
  test?: true | string[];
  depth?: "scan";
}

export function channelSearch({ test, depth }: Record<string, unknown>): ChannelSearch {
  if (test === undefined || test === false) return {};
  return {
    test: Array.isArray(test) ? test.map(String) : true,
    ...(depth === "scan" && { depth }),
  };
}
