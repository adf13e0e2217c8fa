/** The parts the settings are in, one at a time on the page and in its address. */
export const sections = [
  "site",
  "features",
  "sign_up",
  "log_in",
  "mail",
  "routing",
  "usage",
  "billing",
  "config",
] as const;

export type Section = (typeof sections)[number];

export interface SettingsSearch {
  section?: Section;
}

export function settingsSearch(search: Record<string, unknown>): SettingsSearch {
  const section = sections.find((one) => one === search.section);
  return section === undefined ? {} : { section };
}
