/** The way of a new server to its first answered call. */
export default {
  root: {
    title: "Create the root account",
    about: "This server is new. The first account runs it: it may do everything.",
    code: "Set-up code",
    code_help: "Printed by the server at its start, good once. A restart prints a new one.",
    submit: "Create root account",
    wrong_code: "The code is wrong or was used. A restart of the server prints a new one.",
  },
} as const;
