import type { Facet, FilterField } from "./field";

/** Fields of calls, for the gallery and the tests. */
export const galleryFields: FilterField[] = [
  { name: "status", label: "HTTP status", kind: "text" },
  {
    name: "outcome",
    label: "Outcome",
    kind: "choice",
    values: [
      { value: "ok", label: "Succeeded" },
      { value: "failed", label: "Failed" },
      { value: "refused", label: "Refused" },
    ],
  },
  { name: "model", label: "Model", kind: "text" },
  { name: "key", label: "API key", kind: "choice" },
  { name: "cost", label: "Cost", kind: "number", unit: "USD" },
  { name: "duration_ms", label: "Duration", kind: "number", unit: "ms" },
  { name: "stream", label: "Streaming", kind: "flag" },
];

export const galleryFacets: Facet[] = [
  {
    field: "model",
    values: [
      { value: "claude-opus-5", count: 8_120 },
      { value: "gpt-5.2", count: 3_400 },
      { value: '<b>bold</b> & "quoted"', count: 12 },
      { value: `${"x".repeat(200)}`, count: 3 },
      { value: "مفتاح שלום", count: 2 },
    ],
  },
  {
    field: "key",
    values: [
      { value: "my laptop", count: 9_000 },
      { value: "ci", count: 2_300 },
    ],
  },
  { field: "outcome", values: [{ value: "failed", count: 40 }] },
];

export const galleryPresets = [
  { id: "errors", label: "Errors", filter: "outcome:failed,refused" },
  { id: "slow", label: "Slow", filter: "duration_ms>10000" },
  { id: "dear", label: "Expensive", filter: "cost>1" },
];
