/** The way of a new server to its first answered call. */
export default {
  title: "Set up this server",
  about: "From here to a first answered call. Every step can be left out and done later.",
  steps: "Steps",
  is_done: "(done)",
  skip: "Skip this step",
  next: "Next",
  leave: "Leave the set-up",
  step: {
    root: { name: "Root account" },
    address: {
      name: "Address",
      title: "The address of this site",
      about: "It goes into what people paste into their clients, and into links in e-mails.",
    },
    channel: {
      name: "Channel",
      title: "Add a first channel",
      about:
        "A channel is a vendor and a key of yours there. Paste what you have: a curl command, an address with a key, a configuration.",
    },
    test: {
      name: "Test",
      title: "Test the channel",
      about: "A short question to each of its models. It costs what such a question costs.",
    },
    key: {
      name: "API key",
      title: "Make a first API key",
      about: "Clients send it with every call to this server. It is not the vendor's key.",
    },
    call: {
      name: "Connect",
      title: "Connect a client",
      about: "Paste this into a client and send something. The request shows up below.",
    },
    done: {
      name: "Done",
      title: "What there is now",
      about: "You can come back to each step.",
    },
  },
  address: {
    label: "Site address",
    detected: "This page came from {{address}}.",
    untrusted_proxy:
      "A proxy says that the connection is encrypted, but this server does not trust it. Add the proxy's address to the trusted proxies, or links will begin with http.",
    save: "Use this address",
  },
  test: {
    no_channel: "There is no channel to test yet.",
    run: "Test {{name}}",
  },
  key: {
    name: "first-key",
    there_one: "You have a key already.",
    there_other: "You have {{count}} keys already.",
  },
  done: {
    all: "All done: a client of yours got an answer through this server.",
    left_one: "One step is left",
    left_other: "{{count}} steps are left",
    onward: "What comes next",
    settings: "Decide who may sign up, and set up e-mail",
    users: "Add people",
    channels: "Add more channels",
    open: "Open the console",
  },
  root: {
    title: "Create the root account",
    about: "This server is new. The first account runs it: it may do everything.",
    code: "Set-up code",
    code_help: "Printed by the server at its start, good once. A restart prints a new one.",
    submit: "Create root account",
    wrong_code: "The code is wrong or was used. A restart of the server prints a new one.",
  },
} as const;
