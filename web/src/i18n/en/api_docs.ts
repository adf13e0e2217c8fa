/** The reference of the JSON API. What the server writes about itself is English in every language. */
export default {
  title: "API reference",
  intro:
    "Everything this console does goes through this API. Programs send an admin API key as a bearer token; the console sends its session cookie and the Realms-User header.",
  search: "Search by path or by what it does",
  no_match: "No operation matches",
  parameters: "Parameters",
  body: "Body",
  answers: "Answers",
  required: "required",
};
