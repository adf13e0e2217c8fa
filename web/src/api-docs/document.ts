/** The parts of an OpenAPI 3.1 document that the reference shows. */
export interface ApiDocument {
  info: { title: string; version: string; description?: string };
  paths: Record<string, Record<string, RawOperation>>;
  components?: { schemas?: Record<string, Schema>; responses?: Record<string, Content> };
  tags?: { name: string; description?: string }[];
}

export interface Schema {
  $ref?: string;
  type?: string | string[];
  format?: string;
  description?: string;
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  additionalProperties?: Schema | boolean;
  enum?: unknown[];
  oneOf?: Schema[];
  anyOf?: Schema[];
  allOf?: Schema[];
  minimum?: number;
  maximum?: number;
  example?: unknown;
}

export interface Parameter {
  name: string;
  in: "path" | "query" | "header" | "cookie";
  required?: boolean;
  description?: string;
  schema?: Schema;
}

interface Content {
  $ref?: string;
  description?: string;
  content?: Record<string, { schema?: Schema }>;
}

interface RawOperation {
  operationId?: string;
  summary?: string;
  description?: string;
  tags?: string[];
  parameters?: Parameter[];
  requestBody?: Content;
  responses?: Record<string, Content>;
}

/** One method on one path. */
export interface Operation {
  id: string;
  method: string;
  path: string;
  tag: string;
  summary: string;
  description: string;
  parameters: Parameter[];
  body: Body | undefined;
  answers: (Body & { status: string })[];
}

/** What is sent in one direction. */
export interface Body {
  description: string;
  mediaType: string | undefined;
  schema: Schema | undefined;
}

/** A field of an object, ready to be shown. */
export interface Member {
  name: string;
  required: boolean;
  schema: Schema;
}

const methods = ["get", "post", "put", "patch", "delete"];

/** Every operation in the order of the document. */
export function operationsOf(document: ApiDocument): Operation[] {
  return Object.entries(document.paths).flatMap(([path, item]) =>
    methods.flatMap((method) => {
      const raw = item[method];
      return raw ? [operationOf(document, method, path, raw)] : [];
    }),
  );
}

function operationOf(
  document: ApiDocument,
  method: string,
  path: string,
  raw: RawOperation,
): Operation {
  return {
    id: raw.operationId ?? `${method} ${path}`,
    method: method.toUpperCase(),
    path,
    tag: raw.tags?.[0] ?? "",
    summary: raw.summary ?? "",
    description: raw.description ?? "",
    parameters: raw.parameters ?? [],
    body: raw.requestBody && bodyOf(raw.requestBody),
    answers: Object.entries(raw.responses ?? {})
      .map(([status, content]) => ({ status, ...bodyOf(responseOf(document, content)) }))
      .sort((a, b) => a.status.localeCompare(b.status)),
  };
}

/** What many operations answer is said in one place. */
function responseOf(document: ApiDocument, content: Content): Content {
  const name = content.$ref?.split("/").at(-1);
  return (name !== undefined && document.components?.responses?.[name]) || content;
}

function bodyOf(content: Content): Body {
  const [mediaType, media] = Object.entries(content.content ?? {})[0] ?? [];
  return { description: content.description ?? "", mediaType, schema: media?.schema };
}

/** The operations that have every word of the text in their method, path or summary. */
export function search(operations: Operation[], text: string): Operation[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return operations.filter((operation) => {
    const hay = `${operation.method} ${operation.path} ${operation.summary} ${operation.tag}`;
    return words.every((word) => hay.toLowerCase().includes(word));
  });
}

/** Follows a reference to its schema; a name when there was one. */
export function resolve(document: ApiDocument, schema: Schema): { name?: string; schema: Schema } {
  const name = schema.$ref?.split("/").at(-1);
  const found = name === undefined ? undefined : document.components?.schemas?.[name];
  return name !== undefined && found ? { name, schema: found } : { schema };
}

/** The fields of an object, those of its parts (`allOf`) included. */
export function membersOf(document: ApiDocument, schema: Schema): Member[] {
  const whole = resolve(document, schema).schema;
  const own = Object.entries(whole.properties ?? {}).map(([name, member]) => ({
    name,
    required: whole.required?.includes(name) ?? false,
    schema: member,
  }));
  return [...(whole.allOf ?? []).flatMap((part) => membersOf(document, part)), ...own];
}

/** The schema whose fields are worth opening: of a list, that of its items. */
export function innerOf(document: ApiDocument, schema: Schema): Schema | undefined {
  const { schema: whole } = resolve(document, schema);
  if (whole.items) return innerOf(document, whole.items);
  const choices = (whole.oneOf ?? whole.anyOf ?? []).filter((choice) => choice.type !== "null");
  if (choices.length === 1 && choices[0]) return innerOf(document, choices[0]);
  return membersOf(document, whole).length > 0 ? whole : undefined;
}

/** A type in one line: `string (date-time)`, `list of ChannelView`, `"ok" | "failed"`. */
export function typeOf(document: ApiDocument, schema: Schema): string {
  const { name, schema: whole } = resolve(document, schema);
  const choices = whole.oneOf ?? whole.anyOf;
  if (whole.enum) return whole.enum.map((value) => JSON.stringify(value)).join(" | ");
  if (name !== undefined && !choices) return name;
  if (choices) {
    const types = choices.filter((choice) => choice.type !== "null");
    return types.map((choice) => typeOf(document, choice)).join(" | ");
  }
  if (whole.items) return `${typeOf(document, whole.items)}[]`;
  if (typeof whole.additionalProperties === "object")
    return `{ [key]: ${typeOf(document, whole.additionalProperties)} }`;
  const types = [whole.type ?? "any"].flat().filter((type) => type !== "null");
  return types.join(" | ") + (whole.format ? ` (${whole.format})` : "");
}
