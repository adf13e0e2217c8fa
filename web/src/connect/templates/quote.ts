/** Values written so that a shell or a file format reads back exactly what was meant. */

/** For a POSIX shell. */
export function sh(value: string): string {
  if (/^[\w@%+=:,./-]+$/.test(value)) return value;
  return `'${value.replaceAll("'", "'\\''")}'`;
}

/** For PowerShell, which takes typographic single quotes for quotes as well. */
export function powershell(value: string): string {
  return `'${value.replace(/['\u2018-\u201b]/g, "$&$&")}'`;
}

/** For cmd.exe. What cannot be quoted there is found by `isChangedByCmd`. */
export function cmd(value: string): string {
  return `"${value}"`;
}

/** Whether cmd.exe would change the value even between quotes. */
export function isChangedByCmd(value: string): boolean {
  return /["%]/.test(value);
}

/** A string of JSON; also one of YAML, Python, JavaScript, Go and Java. */
export function json(value: string): string {
  return JSON.stringify(value);
}

/** JSON on many lines. */
export function prettyJson(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** JSON with nothing but ASCII: pipes of Windows PowerShell lose the rest. */
export function asciiJson(value: unknown): string {
  return JSON.stringify(value).replace(/[^ -~]/g, escaped);
}

/** JSON as one argument for cmd.exe: none of its characters mean anything to cmd or to the parser of arguments. */
export function cmdJson(value: unknown): string {
  const text = JSON.stringify(value, (_, part) =>
    typeof part === "string" ? part.replace(/["\\&|<>^%!()]|[^ -~]/g, marked) : part,
  );
  const plain = text.replace(/\uE000([0-9a-f]{4})/g, "\\u$1");
  return `"${plain.replaceAll('"', '\\"')}"`;
}

/** A basic string of TOML: JSON's escapes are TOML's, except for DEL. */
export function toml(value: string): string {
  return JSON.stringify(value).replaceAll("\u007f", "\\u007f");
}

/** A value in a .env file. */
export function dotenv(value: string): string {
  if (/^[\w@%+=:,./-]+$/.test(value)) return value;
  return value.includes("'") ? `"${value.replaceAll('"', '\\"')}"` : `'${value}'`;
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

/** Marks a character for `cmdJson` in a way that JSON.stringify leaves alone. */
function marked(character: string): string {
  return `\uE000${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
