import { useTranslation } from "react-i18next";

import { Notice } from "@/components/ui/notice";
import { BlockView } from "./block-view";
import type { NoteKey, Template } from "./templates/recipe";
import { maskKey, type Target } from "./templates/target";
import { recipeOf } from "./templates/templates";

/** Notes that one must not miss. */
const warnings: readonly NoteKey[] = ["http", "gemini_https", "not_reachable", "cmd_characters"];

interface Props {
  template: Template;
  target: Target;
  /** The key is shown by its ends only. */
  masked: boolean;
}

/** Everything to paste for one client. */
export function RecipeView({ template, target, masked }: Props) {
  const { t } = useTranslation("connect");
  const recipe = recipeOf(template, target);
  const shown = masked ? recipeOf(template, { ...target, key: maskKey(target.key) }) : recipe;
  const notes = recipe.notes.filter((note) => !warnings.includes(note));
  return (
    <div className="space-y-6">
      {recipe.notes
        .filter((note) => warnings.includes(note))
        .map((note) => (
          <Notice key={note} tone="warn">
            {t(`note.${note}`, { origin: target.origin })}
          </Notice>
        ))}
      {recipe.blocks.map((block, at) => (
        <BlockView
          key={`${template.id} ${block.id}`}
          block={block}
          shown={shown.blocks[at] ?? block}
          client={template.name}
          origin={target.origin}
        />
      ))}
      {notes.length > 0 && (
        <section className="space-y-1">
          <h2 className="font-medium">{t("show.notes")}</h2>
          <ul className="list-disc space-y-1 pl-5 text-fg-2 text-sm">
            {notes.map((note) => (
              <li key={note}>{t(`note.${note}`, { origin: target.origin })}</li>
            ))}
          </ul>
        </section>
      )}
    </div>
  );
}
