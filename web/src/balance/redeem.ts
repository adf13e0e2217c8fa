import { api } from "@/api/client";
import { ApiProblem } from "@/api/problem";
import type { Gained } from "@/api/types";
import type { Start } from "./start";

/** Uses a code. `undefined`: the server wants to know first when the time of a plan begins. */
export async function redeem(code: string, start: Start | null): Promise<Gained | undefined> {
  try {
    return await api.post<Gained>("/api/balance/redeem", { code, ...(start && { start }) });
  } catch (caught) {
    if (caught instanceof ApiProblem && caught.fields.some(asksForStart)) return undefined;
    throw caught;
  }
}

const asksForStart = ({ pointer, code }: ApiProblem["fields"][number]) =>
  pointer === "/start" && code === "needed";
