/** What the recipes of libraries share: the key in a variable, a program to save, a command to run it. */

import { setVariables, shellLanguage, unsetVariables } from "./environment";
import type { Block, Language, Recipe } from "./recipe";
import { keyVariable, type Target } from "./target";

interface Program {
  install: string;
  /** The name of the file. */
  file: string;
  language: Language;
  text: string;
  run: string;
}

/** Install, key, program, run, undo. */
export function programRecipe(target: Target, program: Program): Recipe {
  const { os, key } = target;
  const language = shellLanguage[os];
  const blocks: Block[] = [
    { id: "install", title: "install", language, text: `${program.install}\n` },
    {
      id: "set",
      title: "set",
      language,
      text: setVariables(os, [[keyVariable, key]]),
      changes: "this_window",
    },
    {
      id: "code",
      title: "program",
      path: program.file,
      language: program.language,
      text: program.text,
      download: program.file,
    },
    { id: "verify", title: "verify", language, text: `${program.run}\n`, expect: "answer" },
    { id: "undo", title: "undo", language, text: unsetVariables(os, [keyVariable]) },
  ];
  return { blocks, notes: [] };
}
