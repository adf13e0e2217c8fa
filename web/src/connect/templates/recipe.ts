/** What a template makes: blocks to copy, in order, and what to know about them. */

import type { Dialect } from "@/api/types";
import type texts from "../../i18n/en/connect";
import type { Target } from "./target";

type Texts = typeof texts;
export type BlockTitle = keyof Texts["block"];
export type ChangeKey = keyof Texts["change"];
export type MergeKey = keyof Texts["merge"];
export type ExpectKey = keyof Texts["expect"];
export type NoteKey = keyof Texts["note"];

export type Language =
  | "sh"
  | "powershell"
  | "cmd"
  | "toml"
  | "json"
  | "yaml"
  | "dotenv"
  | "python"
  | "typescript"
  | "go"
  | "java"
  | "link"
  | "fields"
  | "text";

/** One field of a form in a program. */
export interface Field {
  /** As the program labels it; never translated. */
  name: string;
  value: string;
}

export interface Block {
  /** Tells blocks of one recipe apart. */
  id: string;
  title: BlockTitle;
  language: Language;
  /** What is copied. */
  text: string;
  /** The file that it goes into, or the place in a program's menus. */
  path?: string;
  /** The name of a download, where the text is a whole file. */
  download?: string;
  /** What this changes on the person's machine. */
  changes?: ChangeKey;
  /** What to do when the file is there already. */
  merge?: MergeKey;
  /** What a check shows when all is well. */
  expect?: ExpectKey;
  /** The form's fields, when `language` is `fields`; what a link sends, when it is `link`. */
  fields?: readonly Field[];
}

export interface Recipe {
  blocks: readonly Block[];
  notes: readonly NoteKey[];
}

export const families = ["agents", "editors", "apps", "sdks", "tools"] as const;
export type Family = (typeof families)[number];

/**
 * How the facts of a template came to be known: `measured` by running the client against a recording server,
 * `documented` by its own documentation or source, `reported` by what others published. None means that the
 * very text of the template was run.
 */
export type Evidence = "measured" | "documented" | "reported";

export interface Template {
  id: string;
  /** The program's own name; never translated. */
  name: string;
  family: Family;
  /** A model must speak one of these for the client to use it; in order of preference. */
  dialects: readonly Dialect[];
  evidence: Evidence;
  /** Whether commands differ by shell. */
  usesShell: boolean;
  build(target: Target): Recipe;
}

/** Fields as text, for copying all of them at once. */
export function fieldsText(fields: readonly Field[]): string {
  return fields.map((field) => `${field.name}: ${field.value}\n`).join("");
}
