/** Functions that a model may call, from the JSON that a person typed. */

export interface FunctionTool {
  name: string;
  description?: string;
  parameters?: unknown;
}

/** Functions to be written in a dialect's own way, and tools that already are. */
export interface Tools {
  functions: readonly FunctionTool[];
  native: readonly unknown[];
}

export type ToolsProblem = "not_json" | "not_array" | "no_name";

/** What was typed, or why it cannot be used. Nothing typed is no tools. */
export function parseTools(text: string): Tools | ToolsProblem {
  if (text.trim() === "") return { functions: [], native: [] };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return "not_json";
  }
  if (!Array.isArray(value)) return "not_array";
  const functions: FunctionTool[] = [];
  const native: unknown[] = [];
  for (const item of value as unknown[]) {
    if (isFunction(item)) functions.push(item);
    else if (isNative(item)) native.push(item);
    else return "no_name";
  }
  return { functions, native };
}

export function isToolsProblem(tools: Tools | ToolsProblem): tools is ToolsProblem {
  return typeof tools === "string";
}

function isFunction(item: unknown): item is FunctionTool {
  return (
    typeof item === "object" &&
    item !== null &&
    !("type" in item) &&
    "name" in item &&
    typeof item.name === "string"
  );
}

/** Already in the words of a dialect: it goes out as it is. */
function isNative(item: unknown): boolean {
  return (
    typeof item === "object" &&
    item !== null &&
    ("type" in item || "functionDeclarations" in item || "googleSearch" in item)
  );
}
