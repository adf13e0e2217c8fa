/** Tests of channels that are kept, for tests and for the eye. */
import type { ChannelTestView } from "@/api/types";

export function channelTest(id: string, changes: Partial<ChannelTestView> = {}): ChannelTestView {
  return {
    id,
    started_at: "2026-11-20T08:00:00Z",
    trigger: "manual",
    depth: "test",
    dialect: "chat",
    model: "gpt-5.2",
    upstream_model: "gpt-5.2",
    endpoint: "https://api.openai.com/v1",
    credential: "k1",
    streamed: true,
    first_event_us: 690_000,
    duration_us: 812_000,
    status: 200,
    outcome: "ok",
    usage_seen: { input: 11, output: 3 },
    usage_counted: { input: 9, output: 2 },
    findings: [],
    ...changes,
  };
}
