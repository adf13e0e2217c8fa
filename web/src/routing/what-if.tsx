import { useTranslation } from "react-i18next";

import { Button } from "@/components/ui/button";
import { Checkbox } from "@/components/ui/checkbox";
import { Section } from "@/trace/section";
import { type RoutingSearch, type Simulated, withoutOf } from "./simulation";

/** The same call, as if some channels were switched off. */
export function WhatIf(props: {
  search: RoutingSearch;
  simulated: Simulated;
  onSearch: (search: RoutingSearch) => void;
}) {
  const { t } = useTranslation("routing");
  const { search, simulated } = props;
  const out = withoutOf(search);
  const considered = simulated.considered.flatMap(({ channel }) => channel ?? []);
  const channels = [...new Set([...considered, ...out])].sort();
  const set = (next: readonly string[]) => {
    const { without: _, ...rest } = search;
    props.onSearch({ ...rest, ...(next.length > 0 && { without: next.join(",") }) });
  };
  if (channels.length === 0) return null;
  return (
    <Section
      title={t("what_if.title")}
      aside={
        out.length > 0 && (
          <Button size="sm" onClick={() => set([])}>
            {t("what_if.reset")}
          </Button>
        )
      }
    >
      <fieldset>
        <legend className="mb-1 text-fg-2">{t("what_if.about")}</legend>
        <div className="flex flex-wrap gap-x-5 gap-y-1">
          {channels.map((channel) => (
            <Checkbox
              key={channel}
              label={<span data-raw="">{channel}</span>}
              checked={out.includes(channel)}
              onChange={({ currentTarget }) =>
                set(
                  currentTarget.checked
                    ? [...out, channel]
                    : out.filter((name) => name !== channel),
                )
              }
            />
          ))}
        </div>
      </fieldset>
    </Section>
  );
}
