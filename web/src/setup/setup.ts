/** Making the first root user with the code that the server printed at its start. */

export interface SetupRequest {
  code: string;
  username: string;
  password: string;
}

/** Why it was not done. The words a person reads are chosen by `code`, never by `detail`. */
export class SetupRefused extends Error {
  override name = "SetupRefused";

  constructor(
    /** The stable word of the problem document, or `unreachable`. */
    readonly code: string,
    /** What the server says, in English. */
    readonly detail: string,
    /** How many seconds to wait, where the server says so. */
    readonly retryAfter: number | null = null,
  ) {
    super(detail);
  }
}

/** Makes the root user, or throws a `SetupRefused`. */
export async function createRoot(request: SetupRequest): Promise<void> {
  const response = await post(request);
  if (response.ok) return;
  const problem: unknown = await response.json().catch(() => null);
  throw new SetupRefused(
    text(problem, "code") ?? "internal",
    text(problem, "detail") ?? `POST /api/setup: status ${response.status}`,
    Number(response.headers.get("retry-after")) || null,
  );
}

async function post(request: SetupRequest): Promise<Response> {
  try {
    return await fetch("/api/setup", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(request),
    });
  } catch (error) {
    throw new SetupRefused("unreachable", String(error));
  }
}

function text(document: unknown, name: string): string | undefined {
  const value = (document as Record<string, unknown> | null)?.[name];
  return typeof value === "string" ? value : undefined;
}
