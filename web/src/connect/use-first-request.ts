import { useState } from "react";

import { fetchAsUser } from "@/api/client";
import type { CallView, UserModel } from "@/api/types";
import { useLive, useLiveState } from "@/live/use-live";
import { firstParameters } from "@/playground/conversation";
import { buildRequest } from "@/playground/request";
import { useOpens } from "@/shell/use-opens";
import type { Waiting } from "./first-request";

const patienceMs = 60_000;

/** Whoever is told to send a request must be heard: nothing that comes before the connection stands is. */
const listening = {
  off: "connecting",
  connecting: "connecting",
  live: "waiting",
  paused: "waiting",
  reconnecting: "paused",
  refused: "paused",
} as const;

/** The shortest conversation, in a dialect the model speaks. */
function hello(model: string, models: readonly UserModel[]) {
  const dialect = models.find(({ name }) => name === model)?.dialects[0] ?? "chat";
  const parameters = { ...firstParameters, model, dialect, stream: false };
  return buildRequest(parameters, [{ id: "hello", role: "user", text: "Say hello.", images: [] }]);
}

const traceOf = ({ request_id }: CallView) => `/usage?req=${encodeURIComponent(request_id)}`;

/** Listens for one's own requests from now on, and can send one from here. */
export function useFirstRequest(models: readonly UserModel[]): {
  waiting: Waiting;
  onTest: (keyId: string, model: string) => void;
  testing: boolean;
} {
  const [call, setCall] = useState<CallView>();
  const [testing, setTesting] = useState(false);
  const state = useLiveState();
  const opens = useOpens();
  useLive(["calls"], ({ event, data }) => {
    if (event === "call") setCall(JSON.parse(data) as CallView);
  });
  async function test(keyId: string, model: string) {
    setTesting(true);
    try {
      // How it went is told by the listener, as for any other client.
      const request = hello(model, models);
      const path = `/api/playground/${encodeURIComponent(keyId)}${request.path}`;
      const answer = await fetchAsUser(path, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(request.body),
        signal: AbortSignal.timeout(patienceMs),
      });
      await answer.text();
    } catch {
      // A request that never reached the server is no request.
    } finally {
      setTesting(false);
    }
  }
  const waiting: Waiting = call
    ? { state: "arrived", call, ...(opens("/usage") && { href: traceOf(call) }) }
    : { state: listening[state.kind] };
  return { waiting, onTest: (keyId, model) => void test(keyId, model), testing };
}
