/** Who calls most. */
export default {
  title: "Ranking",
  about: "Who called most with their keys, by LLM tokens. The first 50 are listed.",
  span: "How far back",
  days_one: "{{count}} day",
  days_other: "{{count}} days",
  places: "Places",
  none: "No calls yet",
  none_text: "Nobody who is listed called in this time.",
  anonymous: "Anonymous",
  you: "You",
  mine: {
    title: "Where you are",
    place: "Your place",
    calls: "Your calls",
    llm_tokens: "Your LLM tokens",
    hidden: "You are not listed",
    no_calls: "You made no calls in this time",
  },
  shown: {
    title: "How you are shown",
    anonymous: "Anonymous",
    name: "By name",
    hidden: "Not at all",
  },
  /** What others see then. */
  others: {
    anonymous: "Others see your place, your calls and your LLM tokens, and not who you are.",
    name: "Others see your account name, {{name}}, with your place, your calls and your LLM tokens.",
    hidden: "Others see nothing of you: you are not listed, and have no place.",
  },
  column: { place: "Place", name: "Who", calls: "Calls", llm_tokens: "LLM tokens" },
} as const;
