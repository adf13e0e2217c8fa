/**
 * CC Switch, which keeps the settings of several agents: a link for each agent that the models allow.
 * From its source, looked up 2026-11-24, not run: https://github.com/farion1231/cc-switch, src-tauri/src/deeplink/parser.rs (scheme
 * `ccswitch`, host `v1`, path `/import`, `resource`, `app`, `name`; the rest may be left out).
 */

import type { Dialect } from "@/api/types";
import type { Block, BlockTitle, Field, Template } from "./recipe";
import type { Model, Target } from "./target";

interface Agent {
  app: string;
  title: BlockTitle;
  dialect: Dialect;
  path: string;
}

const agents: readonly Agent[] = [
  { app: "claude", title: "link_claude", dialect: "messages", path: "" },
  { app: "codex", title: "link_codex", dialect: "responses", path: "/v1" },
  { app: "gemini", title: "link_gemini", dialect: "gemini", path: "" },
];

function linkOf(agent: Agent, model: Model, { origin, key }: Target): Block {
  const sent: Field[] = [
    { name: "resource", value: "provider" },
    { name: "app", value: agent.app },
    { name: "name", value: "Realms" },
    { name: "homepage", value: origin },
    { name: "endpoint", value: origin + agent.path },
    { name: "apiKey", value: key },
    { name: "model", value: model.name },
  ];
  const query = sent.map(({ name, value }) => `${name}=${encodeURIComponent(value)}`).join("&");
  return {
    id: agent.app,
    title: agent.title,
    language: "link",
    text: `ccswitch://v1/import?${query}`,
    fields: sent,
  };
}

export const ccSwitch: Template = {
  id: "cc_switch",
  evidence: "documented",
  name: "CC Switch",
  family: "tools",
  dialects: ["messages", "responses", "gemini"],
  usesShell: false,
  build: (target) => ({
    blocks: agents.flatMap((agent) => {
      const model = target.models.find(({ dialects }) => dialects.includes(agent.dialect));
      return model ? [linkOf(agent, model, target)] : [];
    }),
    notes: ["link_asks", "undo_form"],
  }),
};
