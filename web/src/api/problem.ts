/** What the server says went wrong: `application/problem+json`, or what stands for it where there is none. */

export interface FieldMistake {
  /** JSON pointer into the request: `/endpoints/0/base_url`. */
  pointer: string;
  code: string;
  /** English, for technical details. */
  detail: string;
}

interface Shape {
  /** The stable word of the outcome; `unreachable`, `timeout` and `unreadable` are made here. */
  code: string;
  /** 0 where no answer came. */
  status: number;
  /** English, for technical details: never the words a person reads first. */
  detail: string;
  params: Record<string, string>;
  fields: FieldMistake[];
  mistakes: string[];
  requestId: string | undefined;
  /** Seconds to wait before the next try. */
  retryAfter: number | undefined;
}

/** A call to the server that did not succeed. The words are chosen by `code` and `params`. */
export class ApiProblem extends Error {
  override name = "ApiProblem";
  readonly code: string;
  readonly status: number;
  readonly detail: string;
  readonly params: Record<string, string>;
  readonly fields: FieldMistake[];
  readonly mistakes: string[];
  readonly requestId: string | undefined;
  readonly retryAfter: number | undefined;

  constructor(shape: Partial<Shape> & { code: string }, options?: ErrorOptions) {
    super(shape.detail ?? shape.code, options);
    this.code = shape.code;
    this.status = shape.status ?? 0;
    this.detail = shape.detail ?? "";
    this.params = shape.params ?? {};
    this.fields = shape.fields ?? [];
    this.mistakes = shape.mistakes ?? [];
    this.requestId = shape.requestId;
    this.retryAfter = shape.retryAfter;
  }

  /** Whether the same call may succeed a little later. */
  get isPassing(): boolean {
    return this.status === 0 || this.status === 502 || this.status === 503 || this.status === 504;
  }
}

/** Reads the problem out of an answer that is no success. */
export async function problemOf(response: Response): Promise<ApiProblem> {
  const document: unknown = await response.json().catch(() => null);
  const given = isObject(document) ? document : {};
  const retryAfter = Number(response.headers.get("retry-after"));
  return new ApiProblem({
    code: text(given.code) ?? codeOfStatus(response.status),
    status: response.status,
    detail: text(given.detail) ?? text(given.title) ?? `status ${response.status}`,
    params: textsOf(given.params),
    fields: fieldsOf(given.fields),
    mistakes: Array.isArray(given.mistakes) ? given.mistakes.map(String) : [],
    requestId: text(given.request_id) ?? response.headers.get("x-request-id") ?? undefined,
    retryAfter: retryAfter > 0 ? retryAfter : undefined,
  });
}

/** Any error as a problem, so that every failure can be shown the same way. */
export function asProblem(error: unknown): ApiProblem {
  if (error instanceof ApiProblem) return error;
  const detail = error instanceof Error ? error.message : String(error);
  return new ApiProblem({ code: "unexpected", detail }, { cause: error });
}

/** For an answer without a problem document, as a proxy in between gives it. */
function codeOfStatus(status: number): string {
  switch (status) {
    case 401:
      return "unauthenticated";
    case 403:
      return "forbidden";
    case 404:
      return "not_found";
    case 409:
      return "conflict";
    case 412:
      return "changed";
    case 413:
      return "too_large";
    case 429:
      return "throttled";
    case 502:
    case 503:
    case 504:
      return "unavailable";
    default:
      return status >= 500 ? "internal" : "malformed";
  }
}

type Fields = Record<string, unknown>;

const isObject = (value: unknown): value is Fields => typeof value === "object" && value !== null;
const text = (value: unknown) => (typeof value === "string" && value !== "" ? value : undefined);

function textsOf(value: unknown): Record<string, string> {
  if (!isObject(value)) return {};
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, String(one)]));
}

function fieldsOf(value: unknown): FieldMistake[] {
  if (!Array.isArray(value)) return [];
  return value.filter(isObject).map((one) => ({
    pointer: text(one.pointer) ?? "",
    code: text(one.code) ?? "invalid",
    detail: text(one.detail) ?? "",
  }));
}
