/** Apps of others that users let in with their account here, for those who set them up. */
export default {
  title: "OAuth apps",
  about: "Programs and sites of others that people let in with their account here.",
  make: "New OAuth app",
  none: "No OAuth apps",
  none_text:
    "An OAuth app is a program or a site of somebody else. Set up here, it can ask people who they are, or call models in their name. Each of them decides, and nobody has to paste an API key.",
  edit: "Change",
  saved: "{{name}} was changed",
  never_used: "Never used",
  no_secret: "It keeps no secret",
  no_grants: "Nobody has let it in",
  state: { on: "On", off: "Switched off" },
  column: {
    state: "State",
    name: "Name",
    client_id: "Client id",
    scopes: "May ask for",
    scopes_help: "What it may ask people for; each of them decides",
    users: "Users",
    users_help: "How many have let it in",
    last_used: "Last used",
    created: "Created",
  },
  connect: {
    title: "How it is connected",
    server:
      "The app uses the authorization code flow, and shows itself with its client id and secret. PKCE with S256 comes on top where it can.",
    device:
      "The app uses the authorization code flow with PKCE and S256. It has no secret, its client id is enough.",
    client_id: "Client id",
    issuer: "Issuer",
    authorize: "Authorization endpoint",
    token: "Token endpoint",
    revoke: "Revocation endpoint",
    userinfo: "User info endpoint",
    metadata: "All of it, for programs",
    secret: "Secret:",
    old_until: "The one before works until",
  },
  secret: {
    title: "Client secret",
    once: "Copy it now: it cannot be shown again.",
    saved: "I saved it",
  },
  preview: {
    title: "What people are asked",
    about: "As it stands above, with a made-up account.",
    name: "Name of the app",
  },
  rotate: {
    verb: "Rotate secret",
    title: "Rotate the secret of {{name}}?",
    text: "You get a new secret, which is shown once. Whoever has let the app in notices nothing.",
    overlap: "The old secret works for",
    for: { none: "No longer", hour: "1 hour", day: "1 day", week: "7 days" },
    at_once: "The app gets no new tokens until it has the new secret.",
    later: "Until then both work: time to give the app the new one.",
  },
  revoke: {
    verb: "Shut out for everybody",
    title: "Shut {{name}} out for everybody?",
    text_one:
      "One user has let it in. It loses access at once, and its API key stops working. It can ask again.",
    text_other:
      "{{count}} users have let it in. It loses access to all of them at once, and its API keys stop working. It can ask each of them again.",
    done_one: "{{name}} was shut out of one account",
    done_other: "{{name}} was shut out of {{count}} accounts",
  },
  remove: {
    verb: "Delete",
    title: "Delete {{name}}?",
    unused: "Nobody has let it in. It can ask nobody any more.",
    text_one:
      "One user has let it in. It loses access at once, its API key stops working, and it can ask nobody any more.",
    text_other:
      "{{count}} users have let it in. It loses access to all of them at once, its API keys stop working, and it can ask nobody any more.",
  },
  form: {
    title: "The app",
    verb: "Make",
    name_help: "People read it where they are asked.",
    name_taken: "There is an app of this name already.",
    too_many: "There are 200 OAuth apps already. Delete one first.",
    publisher: "Publisher",
    publisher_help: "Who is behind it: a company, a person.",
    homepage: "Homepage",
    no_homepage: "An address that begins with https://",
    redirects: "Redirect addresses",
    redirects_help:
      "Where people are sent back to. An address counts to the letter; that of a program on one's computer may have any port.",
    address: "Address {{number}}",
    add_address: "Add an address",
    no_redirect: "Give one address at least.",
    redirect: {
      long: "At most {{most}} characters.",
      form: "A whole address without blanks, such as https://app.example/callback",
      fragment: "No #: what follows it never reaches a server.",
      credentials: "No name or password in the address.",
      plain_http: "https, except for a program on localhost or 127.0.0.1.",
      scheme:
        "https, or the scheme of a program with a dot in it, such as com.example.app:/callback",
      twice: "This address is there already.",
    },
    scopes: "May ask for",
    scopes_help: "In the words in which people are asked. The app may ask for less.",
    no_scope: "Choose one at least.",
    place: "The app runs",
    places: { server: "On a server", device: "With its users" },
    place_help: {
      server: "It keeps a secret there. That cannot be changed later.",
      device:
        "A desktop or mobile program, or a page: nothing stays secret there, so it has PKCE alone. That cannot be changed later.",
    },
    place_is: {
      server: "The app runs on a server and keeps a secret.",
      device: "The app runs with its users and has no secret.",
    },
    life: "An access token works for",
    life_help: "5 minutes to 365 days. After that the app gets a new one by itself.",
    no_life: "5 minutes to 365 days.",
    unit: "Unit",
    units: { day: "Days", hour: "Hours", minute: "Minutes", second: "Seconds" },
    enabled: "Switched on",
    enabled_help:
      "Switched off, it can neither ask anybody nor do anything; nothing of it is lost.",
  },
} as const;
