import { useTranslation } from "react-i18next";

import { Checkbox } from "@/components/ui/checkbox";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import { useRuleText } from "@/form/rule-text";
import { useMay } from "@/session/use-me";
import { Section } from "@/shell/page";
import { plain, ppmOf, productOf, textOf } from "./multiplier";
import { type GroupNode, membersBelow, possibleParents } from "./tree";
import type { GroupEdit } from "./use-group-edit";

/** What is set of a group itself, with the multiplier that comes of it. */
export function GroupSettings(props: {
  edit: GroupEdit;
  node: GroupNode;
  nodes: readonly GroupNode[];
}) {
  const { t } = useTranslation("groups");
  const words = useRuleText();
  const { edit, node, nodes } = props;
  const { draft, set, mistakes } = edit;
  const mayWrite = useMay("channels.write");
  const mayPrice = useMay("prices.write");
  return (
    <Section title={t("settings")}>
      <div className="grid gap-4 sm:grid-cols-3">
        <Field
          label={t("column.multiplier")}
          help={mayPrice ? effectiveHelp() : t("field.multiplier_locked")}
          error={words(mistakes.multiplier)}
        >
          <Input
            inputMode="decimal"
            className="num"
            value={draft.multiplier}
            readOnly={!mayPrice}
            onChange={({ currentTarget }) => set({ multiplier: currentTarget.value })}
          />
        </Field>
        <Field label={t("field.parent")} help={t("field.parent_help")}>
          <Select
            value={draft.parent}
            disabled={!mayWrite}
            onChange={({ currentTarget }) => set({ parent: currentTarget.value })}
          >
            <option value="">{t("field.no_parent")}</option>
            {possibleParents(node.group.name, nodes).map((name) => (
              <option key={name} value={name} data-raw="">
                {name}
              </option>
            ))}
          </Select>
        </Field>
        <Field
          label={t("column.priority")}
          help={t("column.priority_help")}
          error={words(mistakes.priority)}
        >
          <Input
            inputMode="numeric"
            className="num"
            value={draft.priority}
            readOnly={!mayWrite}
            onChange={({ currentTarget }) => set({ priority: currentTarget.value })}
          />
        </Field>
      </div>
      <Pinned {...props} mayWrite={mayWrite} />
      <Checkbox
        checked={draft.enabled}
        disabled={!mayWrite}
        onChange={({ currentTarget }) => set({ enabled: currentTarget.checked })}
        label={t("field.enabled")}
        help={t("field.enabled_help")}
      />
    </Section>
  );

  /** The product along the path, with what is being typed. */
  function effectiveHelp() {
    const parent = nodes.find(({ group }) => group.name === draft.parent);
    const own = ppmOf(draft.multiplier);
    const above = ppmOf(plain(parent?.effective));
    if (own === undefined || above === undefined) return t("field.multiplier_help");
    const path = [...(parent?.path ?? []), node.group.name];
    return (
      <span className="num">
        {t("field.effective", { value: textOf(productOf(above, own)) })}{" "}
        <span data-raw="">
          {path
            .map((name, at) => {
              const multiplier =
                at === path.length - 1
                  ? textOf(own)
                  : plain(nodes.find(({ group }) => group.name === name)?.group.multiplier);
              return `${name} ×${multiplier}`;
            })
            .join(" · ")}
        </span>
      </span>
    );
  }
}

/** The channel that comes first, of those that the group leads to. One that it does not lead to changes nothing. */
function Pinned(props: {
  edit: GroupEdit;
  node: GroupNode;
  nodes: readonly GroupNode[];
  mayWrite: boolean;
}) {
  const { t } = useTranslation("groups");
  const { edit, node, nodes, mayWrite } = props;
  const { draft, set } = edit;
  const names = [...new Set([...draft.members, ...membersBelow(node.group.name, nodes)])];
  const isIdle = draft.pinned !== "" && !names.includes(draft.pinned);
  return (
    <Field
      className="sm:max-w-100"
      label={t("field.pinned")}
      help={
        isIdle ? (
          <span className="text-warn">{t("field.pinned_idle", { name: draft.pinned })}</span>
        ) : (
          t("field.pinned_help")
        )
      }
    >
      <Select
        value={draft.pinned}
        disabled={!mayWrite}
        onChange={({ currentTarget }) => set({ pinned: currentTarget.value })}
      >
        <option value="">{t("field.no_pinned")}</option>
        {[...names, ...(isIdle ? [draft.pinned] : [])].map((name) => (
          <option key={name} value={name} data-raw="">
            {name}
          </option>
        ))}
      </Select>
    </Field>
  );
}
