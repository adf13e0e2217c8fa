/** What the address of a new ticket says: the call it is about. */
export interface NewSearch {
  request?: string;
}

/** For `validateSearch` of the route. */
export const newSearch = ({ request }: Record<string, unknown>): NewSearch =>
  typeof request === "string" && request !== "" ? { request } : {};
