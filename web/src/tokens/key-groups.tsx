import { useTranslation } from "react-i18next";
import type { OwnChannelGroup } from "@/api/types";
import { Checkbox } from "@/components/ui/checkbox";
import { Label } from "@/components/ui/label";
import { Segmented } from "@/components/ui/segmented";
import { OrderedList } from "@/form/ordered-list";

/** Which channel groups a key may use: all that its user may, or some of them in an order of its own. */
export function KeyGroups(props: {
  groups: readonly OwnChannelGroup[];
  chosen: string[];
  setChosen: (chosen: string[]) => void;
  /** What the two choices are called, where the key is not one's own. */
  words?: { all: string; some: string };
}) {
  const { t } = useTranslation("tokens");
  const { groups, chosen, setChosen } = props;
  const multiplier = new Map(groups.map((group) => [group.name, group.multiplier]));
  const order = chosen.length === 0 ? groups.map(({ name }) => name) : chosen;
  return (
    <fieldset className="space-y-3">
      <legend className="mb-1 font-medium">{t("column.groups")}</legend>
      <Segmented
        label={t("column.groups")}
        value={chosen.length === 0 ? "all" : "some"}
        onChange={(value) => setChosen(value === "all" ? [] : groups.map(({ name }) => name))}
        options={[
          { value: "all", label: props.words?.all ?? t("all_groups") },
          { value: "some", label: props.words?.some ?? t("some_groups") },
        ]}
      />
      {chosen.length > 0 && (
        <>
          <OrderedList
            label={t("column.groups")}
            items={chosen}
            onChange={setChosen}
            keyOf={(name) => name}
            nameOf={(name) => name}
          />
          {groups
            .filter(({ name }) => !chosen.includes(name))
            .map(({ name }) => (
              <Label key={name} className="flex items-center gap-2">
                <Checkbox checked={false} onChange={() => setChosen([...chosen, name])} />
                <span data-raw="">{name}</span>
              </Label>
            ))}
        </>
      )}
      <p className="text-fg-2 text-sm">
        {t("will_try")}{" "}
        <span data-raw="">
          {order.map((name) => `${name} ×${multiplier.get(name) ?? "?"}`).join(" → ")}
        </span>
      </p>
    </fieldset>
  );
}
