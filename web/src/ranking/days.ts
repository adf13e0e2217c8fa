/** How far back the ranking looks. On its own, because the route checks its address before the page is there. */
export const daysOffered = [1, 7, 30] as const;
export type Days = (typeof daysOffered)[number];
export const usualDays: Days = 7;

/** For `validateSearch`: the usual is left out of the address, and what is not offered is dropped. */
export function rankingSearch(search: Record<string, unknown>): { days?: Days } {
  const days = daysOffered.find((one) => one === Number(search.days));
  return days === undefined || days === usualDays ? {} : { days };
}
