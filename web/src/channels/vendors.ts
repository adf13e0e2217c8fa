import type { ChannelKind } from "@/api/types";

/** Vendors whose addresses are known: choosing one fills in the kind and the base URL. Names are the vendors' own. */

export interface Vendor {
  readonly id: string;
  readonly name: string;
  readonly kind: ChannelKind;
  readonly base_url: string;
}

const vendor = (id: string, name: string, kind: ChannelKind, base_url: string): Vendor => ({
  id,
  name,
  kind,
  base_url,
});

/** The first of a kind is what the kind alone means. */
export const vendors: readonly Vendor[] = [
  vendor("openai", "OpenAI", "openai", "https://api.openai.com/v1"),
  vendor("anthropic", "Anthropic", "anthropic", "https://api.anthropic.com"),
  vendor("gemini", "Google Gemini", "gemini", "https://generativelanguage.googleapis.com"),
  vendor("codex", "ChatGPT Codex", "codex", "https://chatgpt.com/backend-api/codex"),
  vendor("azure", "Azure OpenAI", "azure", "https://resource.openai.azure.com"),
  vendor(
    "dashscope",
    "DashScope (阿里云百炼)",
    "openai",
    "https://dashscope.aliyuncs.com/compatible-mode/v1",
  ),
  vendor("deepseek", "DeepSeek", "openai", "https://api.deepseek.com/v1"),
  vendor("fireworks", "Fireworks", "openai", "https://api.fireworks.ai/inference/v1"),
  vendor("groq", "Groq", "openai", "https://api.groq.com/openai/v1"),
  vendor("kimi-code", "Kimi Code", "anthropic", "https://api.kimi.com/coding"),
  vendor("minimax", "MiniMax", "openai", "https://api.minimaxi.com/v1"),
  vendor("mistral", "Mistral", "openai", "https://api.mistral.ai/v1"),
  vendor("moonshot", "Moonshot (Kimi)", "openai", "https://api.moonshot.cn/v1"),
  vendor("nvidia", "NVIDIA NIM", "openai", "https://integrate.api.nvidia.com/v1"),
  vendor("ollama", "Ollama", "openai", "http://localhost:11434/v1"),
  vendor("openrouter", "OpenRouter", "openai", "https://openrouter.ai/api/v1"),
  vendor("siliconflow", "SiliconFlow (硅基流动)", "openai", "https://api.siliconflow.cn/v1"),
  vendor("together", "Together", "openai", "https://api.together.xyz/v1"),
  vendor(
    "volcengine",
    "Volcengine (火山方舟)",
    "openai",
    "https://ark.cn-beijing.volces.com/api/v3",
  ),
  vendor("xai", "xAI", "openai", "https://api.x.ai/v1"),
  vendor("zai", "Z.ai", "openai", "https://api.z.ai/api/paas/v4"),
  vendor("zhipu", "Zhipu (智谱)", "openai", "https://open.bigmodel.cn/api/paas/v4"),
];

export const vendorOfKind = (kind: ChannelKind): Vendor =>
  vendors.find((one) => one.kind === kind) ?? (vendors[0] as Vendor);

/** The vendor a kind and a base URL stand for, if it is a known one. */
export function vendorAt(kind: string, baseUrl: string): Vendor | undefined {
  const plain = baseUrl.trim().replace(/\/+$/, "");
  return vendors.find((one) => one.kind === kind && one.base_url === plain);
}
