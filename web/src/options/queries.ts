/** What is asked about options. */
import { api, path } from "@/api/client";
import type { ShapeRequest, ShapeResult } from "@/api/types";

/** What options make of a request on a saved channel. Nothing is sent to the upstream. */
export const shape = (channel: string, request: ShapeRequest) =>
  api.post<ShapeResult>(path`/api/admin/channels/${channel}/shape`, request);
