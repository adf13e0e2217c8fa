import { api } from "@/api/client";
import { ApiProblem } from "@/api/problem";

/** The ETag of an object that was seen in a list: asked for when it is to be changed, refused when somebody else changed it since. */
export async function tagOf<T extends { updated_at: string }>(
  address: string,
  seen: T,
): Promise<string | undefined> {
  const { value, etag } = await api.getTagged<T>(address);
  const { updated_at } = value;
  if (updated_at === seen.updated_at) return etag;
  throw new ApiProblem({ code: "changed", status: 412, params: { updated_at } });
}
