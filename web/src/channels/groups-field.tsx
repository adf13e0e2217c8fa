import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Checkbox } from "@/components/ui/checkbox";
import { channelGroupsQuery } from "@/config/queries";

/** The channel groups a channel is in. */
export function GroupsField(props: {
  value: readonly string[];
  onChange: (groups: string[]) => void;
}) {
  const { t } = useTranslation("channels");
  const { value, onChange } = props;
  const { data } = useQuery(channelGroupsQuery);
  // Those it is in are always there, whether the list has come or not.
  const names = [...new Set([...value, ...(data?.items.map(({ name }) => name) ?? [])])].sort();
  return (
    <fieldset>
      <legend className="mb-1 font-medium text-sm">{t("column.groups")}</legend>
      <div className="flex flex-wrap gap-x-4 gap-y-1">
        {names.map((name) => (
          <Checkbox
            key={name}
            checked={value.includes(name)}
            onChange={(event) =>
              onChange(
                event.currentTarget.checked
                  ? [...value, name]
                  : value.filter((one) => one !== name),
              )
            }
            label={<span data-raw="">{name}</span>}
          />
        ))}
      </div>
      {value.length === 0 && <p className="text-warn text-sm">{t("no_groups_warning")}</p>}
    </fieldset>
  );
}
