/** Every client that there is a template for, in the order of the list. */

import { isInsecure, isInternal } from "./address";
import { aider } from "./aider";
import { anthropicPython, anthropicTypescript } from "./anthropic-sdk";
import { chatbox, cherryStudio, dify, lobeChat, nextChat, openWebui } from "./apps";
import { ccSwitch } from "./cc-switch";
import { claudeCode } from "./claude-code";
import { codex, codexIde } from "./codex";
import { curl } from "./curl";
import { cline, continueDev, cursor, kilo, roo, zed } from "./editors";
import { langchain, vercelAi } from "./frameworks";
import { geminiCli } from "./gemini-cli";
import { genaiPython, genaiTypescript } from "./google-sdk";
import { openaiGo, openaiJava, openaiPython, openaiTypescript } from "./openai-sdk";
import { opencode } from "./opencode";
import { isChangedByCmd } from "./quote";
import { qwenCode } from "./qwen-code";
import type { NoteKey, Recipe, Template } from "./recipe";
import { cleanTarget, type Model, type Target } from "./target";

export const templates = [
  codex,
  claudeCode,
  geminiCli,
  opencode,
  qwenCode,
  aider,
  codexIde,
  cursor,
  cline,
  roo,
  kilo,
  continueDev,
  zed,
  cherryStudio,
  chatbox,
  lobeChat,
  openWebui,
  nextChat,
  dify,
  openaiPython,
  openaiTypescript,
  openaiGo,
  openaiJava,
  anthropicPython,
  anthropicTypescript,
  genaiPython,
  genaiTypescript,
  vercelAi,
  langchain,
  curl,
  ccSwitch,
] as const satisfies readonly Template[];

/** Whether the client can use the model at all. */
export function speaks(template: Template, model: Model): boolean {
  return template.dialects.some((dialect) => model.dialects.includes(dialect));
}

/** Clients whose makers' servers call the address. */
const calledFromOutside: readonly string[] = ["cursor"];

/** The recipe for a target, with the notes that hang on the address and the shell. */
export function recipeOf(template: Template, target: Target): Recipe {
  const clean = cleanTarget(target);
  const recipe = template.build(clean);
  const warnings: NoteKey[] = [];
  if (isInsecure(clean.origin)) {
    warnings.push("http");
    if (template.id === "gemini_cli") warnings.push("gemini_https");
  }
  if (isInternal(clean.origin) && calledFromOutside.includes(template.id)) {
    warnings.push("not_reachable");
  }
  const values = [clean.key, ...clean.models.map((model) => model.name)];
  if (template.usesShell && clean.os === "cmd" && values.some(isChangedByCmd)) {
    warnings.push("cmd_characters");
  }
  return { ...recipe, notes: [...warnings, ...recipe.notes] };
}
