/** Text that people, programs and vendors may send, and that must stay text. */
export const hostile = {
  image: `<img src=x onerror="window.owned=1;alert(1)">`,
  script: `"'><script>window.owned=1;alert(2)</script>`,
  link: `[x](javascript:window.owned=1)`,
  arabic: "قناة\u202Eleveled\u202C مفتاح",
  emoji: "👩‍👩‍👧‍👦🏳️‍🌈".repeat(4),
  long: "W".repeat(64),
} as const;

/** As long as what has no short limit may be. */
export const veryLong = `${hostile.image}${"W".repeat(200)}`;
