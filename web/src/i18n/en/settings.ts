/** The settings of the site; `known` holds those this console has words for. */
export default {
  title: "Settings",
  about: "In force within a second after saving, unless marked.",
  search: "Search settings",
  sections: "Sections",
  none: "No setting matches “{{words}}”",
  read_only: "You can look at the settings. Only root accounts change them.",
  changed: "Changed",
  restart: "Needs a restart",
  hides: "When off, these pages are gone:",
  locked: "Fixed by the environment variable",
  source: {
    database: "Set here",
    environment: "From the environment",
    default: "Default",
  },
  default: "Default:",
  updated: "Changed",
  reset: "Reset to default",
  set: "Set",
  unset: "Not set",
  new_secret: "A new value",
  config_about: "What the server was started with. Change it where the server is started.",
  section: {
    site: "Site",
    features: "Features",
    sign_up: "Sign-up",
    log_in: "Sign-in",
    mail: "E-mail",
    routing: "Routing",
    usage: "Usage",
    billing: "Billing",
    config: "Start configuration",
  },
  test_mail: {
    to: "Send a test mail to",
    send: "Send test mail",
    save_first: "Save first: the mail goes out with the saved settings.",
    ok: "The mail server took the mail.",
    failed: "The mail did not leave.",
  },
  known: {
    site_name: { name: "Site name", help: "What the site is called." },
    site_base_url: {
      name: "Site address",
      help: "The address people reach this site at, used in links and callbacks.",
    },
    time_zone: { name: "Time zone", help: "In which days of usage begin, such as Asia/Shanghai." },
    users_see_channels: {
      name: "Users see channels",
      help: "Whether users see through which channels their calls went. In self mode they always do.",
    },
    allow_unpriced_models: {
      name: "Models without a price are free",
      help: "Whether models without a price may be called in business mode, for nothing. Otherwise such calls are refused.",
    },
    price_sync_url: {
      name: "Price list",
      help: "The address of a list of prices, by https: ours or LiteLLM's, JSON of at most 8 MiB. Empty: none.",
    },
    price_sync_format: {
      name: "Form of the price list",
      help: "realms, litellm, or auto: told by its shape.",
    },
    price_sync_hours: {
      name: "Hours between looks",
      help: "How often the price list is looked at, up to 720 hours. 0: only when somebody asks.",
    },
    price_sync_mode: {
      name: "When prices change there",
      help: "review: they wait until somebody takes them. apply: they are set. Pinned prices stay in both.",
    },
    price_sync_factor: {
      name: "Most a price moves by itself",
      help: "A price that moves by more than so many times, or becomes free, waits for somebody. 2 to 100.",
    },
    pay_as_you_go: {
      name: "Pay as you go",
      help: "Whether the balance pays for what no plan bears. Otherwise only plans pay for calls.",
    },
    top_up: {
      name: "Top-ups",
      help: "As JSON, by currency: what a unit is worth in USD (credit), the least amount and amounts to choose from in minor units (minimum, presets), and what comes on top (bonuses). Empty: no top-ups.",
    },
    invitations: {
      name: "Invitations",
      help: "As JSON: what the balance of who invites gains (inviter_usd), what that of who comes (invitee_usd), and whether at once (after: sign_up) or after they paid for something (first_payment). Empty: no invitations.",
    },
    tokens_revealable: {
      name: "Keys can be shown again",
      help: "Whether users can have their own API keys shown again.",
    },
    setup_dismissed: { name: "Set-up guide is closed", help: "Hides the guide to the first call." },
    feature_announcements: { name: "Announcements", help: "Messages to everyone." },
    feature_tokens: { name: "API keys", help: "Users make API keys themselves." },
    feature_usage: { name: "Usage", help: "Users see their own usage." },
    feature_models: { name: "Models", help: "Users see the list of models." },
    feature_billing: {
      name: "Billing",
      help: "Balances, plans and payments. In self mode there are none.",
    },
    feature_tickets: {
      name: "Tickets",
      help: "Users write to whoever runs the site. In self mode there are none.",
    },
    feature_oauth_apps: {
      name: "OAuth apps",
      help: "Users let programs and sites of others in with their account here. Switched off, none of their tokens works; what users let them do is kept. In self mode there are none.",
    },
    feature_ranking: {
      name: "Ranking",
      help: "Users see who calls most, each as they choose to be shown. In self mode there is none.",
    },
    feature_public_prices: {
      name: "Public prices",
      help: "Anyone sees what models cost who signs up, without an account. In self mode nobody does.",
    },
    feature_public_status: {
      name: "Public status",
      help: "Anyone sees how models have been doing, without an account. In self mode nobody does.",
    },
    feature_public_key: {
      name: "Public page of a key",
      help: "Whoever enters an API key sees its limits and what it used, without an account. In self mode nobody does.",
    },
    feature_playground: { name: "Playground", help: "Users try models in the browser." },
    feature_admin_channels: {
      name: "Manage channels",
      help: "In the console. Configuration by file works all the same.",
    },
    feature_admin_channel_groups: {
      name: "Manage channel groups",
      help: "In the console. Configuration by file works all the same.",
    },
    feature_admin_users: {
      name: "Manage users",
      help: "In the console. Configuration by file works all the same.",
    },
    feature_admin_usage: {
      name: "Everyone's usage",
      help: "Those who operate the site see every call.",
    },
    feature_admin_announcements: {
      name: "Manage announcements",
      help: "Those who operate the site write them in the console.",
    },
    allow_open_registration: {
      name: "Anyone may sign up",
      help: "Without it, accounts are made by those who run the site.",
    },
    registration_contact: {
      name: "Whom to ask for an account",
      help: "Shown on the sign-in page.",
    },
    email_verification_enable: {
      name: "Verify e-mail addresses",
      help: "Who signs up must prove that the address is theirs. It needs a mail server.",
    },
    smtp_host: { name: "Mail server", help: "Without it no mail leaves." },
    smtp_port: { name: "Port", help: "Of the mail server, 1 to 65535." },
    smtp_security: {
      name: "Encryption",
      help: "How the connection to the mail server is protected.",
    },
    smtp_username: { name: "User name", help: "At the mail server." },
    smtp_password: { name: "Password", help: "At the mail server." },
    mail_from: { name: "Sender", help: "Who mail is from, such as Realms <realms@example.org>." },
    oidc_name: {
      name: "OpenID Connect: button",
      help: "What the button on the sign-in page says.",
    },
    oidc_issuer: {
      name: "OpenID Connect: provider",
      help: "The address of the provider (issuer).",
    },
    oidc_client_id: {
      name: "OpenID Connect: client id",
      help: "Who this site is at the provider.",
    },
    oidc_client_secret: {
      name: "OpenID Connect: secret",
      help: "The secret of this site at the provider.",
    },
    oidc_allow_registration: {
      name: "OpenID Connect: new accounts",
      help: "Who has an account at the provider gets one here.",
    },
    github_client_id: { name: "GitHub: client id", help: "Of the OAuth app to sign in with." },
    github_client_secret: { name: "GitHub: secret", help: "Of the OAuth app to sign in with." },
    retry_max_attempts: { name: "Attempts of one call", help: "Over all candidates, 1 to 20." },
    retry_max_tries: { name: "Attempts with one candidate", help: "Of one call, 1 to 20." },
    retry_max_elapsed_ms: {
      name: "Time for attempts",
      help: "No attempt starts later than this after the first.",
    },
    retry_base_delay_ms: { name: "First pause", help: "Before a candidate is tried again." },
    retry_max_delay_ms: { name: "Longest pause", help: "Before a candidate is tried again." },
    hedge_after_ms: {
      name: "Ask a second after",
      help: "When a stream has not begun by then, the next candidate is asked beside it and the first to answer is taken. A model that usually takes longer is given twice its usual time. 0: never. Answers that stay stored at the vendor are never asked for twice.",
    },
    hedge_percent: {
      name: "Most asked twice",
      help: "Of a hundred streams, 1 to 50. The slower upstream may bill what it did as well.",
    },
    affinity_ttl_ms: {
      name: "Sessions stay",
      help: "With the credential that served them last, so that the vendor need not read them again. 0: not at all.",
    },
    idempotency_ttl_ms: {
      name: "Answers for repeats",
      help: "How long the answer of a call with an Idempotency-Key is kept, sealed. A repeat gets it again and costs nothing. 0: such keys mean nothing.",
    },
    responses_state: {
      name: "Keep responses",
      help: "Conversations are kept, sealed, so that clients of Responses can go on from an answer whose upstream keeps none. Off: such calls are refused, and clients send their whole input.",
    },
    responses_state_ttl_ms: {
      name: "Responses kept for",
      help: "From a minute to 30 days.",
    },
    responses_state_bytes: {
      name: "Largest response kept",
      help: "In bytes, with the conversation before it. From a larger one nobody can go on.",
    },
    responses_state_per_key: {
      name: "Responses kept per API key",
      help: "1 to 100000. The oldest go first.",
    },
    keep_alive_interval_ms: {
      name: "Keep-alive",
      help: "Silence of a stream before a keep-alive goes to the client.",
    },
  },
  config_source: {
    derived: "From {{name}}",
    command_line: "From the command line",
  },
  config_known: {
    addr: "The address to listen on.",
    data_dir: "The folder for the database file, the master key and the spool. Made when absent.",
    db_url:
      "The database: sqlite:PATH, mysql://… or postgres://…. Left out: realms.db in the data folder.",
    db_driver:
      "sqlite or mysql, together with db_dsn or sqlite_path. db_url says it all in one value and wins.",
    db_dsn: "A MySQL data source name, or a URL.",
    sqlite_path: "The SQLite file. Anything from ? on is dropped.",
    master_key_file:
      "The file with the master key that seals secrets. Made on first start. Left out: master.key in the data folder.",
    self_mode_enable:
      "Self mode: a person or a team, usage is recorded and nobody pays. false is business mode.",
    admin_api_key:
      "The key for /api/admin/*, at least 8 characters, best 32 random ones. Left out: nobody gets in there by key.",
    public_base_url: "The address people reach this site at, such as https://realms.example.org.",
    mail_dir:
      "A folder that letters are written to instead of being sent: for development and tests.",
    outbound_allow_private:
      "Private networks that channels may lead to, with commas, such as 127.0.0.0/8.",
    outbound_users_allow_private:
      "Private networks that notifications of users may go to, with commas. Those of channels are none of theirs.",
    trusted_proxies: "Networks of reverse proxies whose X-Forwarded-For is believed.",
    log: "What to log: a level, or a filter such as info,realms_relay=debug.",
    log_format: "json or text. Left out: text on a terminal, json elsewhere.",
    max_body_bytes: "The largest request body, before and after decompression.",
    max_header_bytes: "The largest request head: the request line and all header fields.",
    max_headers: "The most header fields of one request.",
    max_connections: "The most open connections of clients.",
    max_connections_per_ip:
      "The most open connections from one address; trusted proxies are not counted.",
    max_frame_bytes: "The largest event of an upstream's stream.",
    first_byte_timeout: "From accepting a connection to its first byte.",
    header_timeout: "Until the head of a request is complete.",
    body_timeout: "Until the body of a request is complete.",
    keep_alive_timeout: "How long an idle connection is kept.",
    write_stall_timeout: "How long a client may take no byte before its stream is cut.",
    drain_timeout: "How long running streams may finish when the server is told to stop.",
    upstream_dns_timeout: "Until an upstream's name is resolved.",
    upstream_connect_timeout: "Until an upstream's connection is made.",
    upstream_tls_timeout: "Until the TLS handshake with an upstream is done.",
    upstream_stream_header_timeout: "Until the response head of a streamed call.",
    upstream_whole_header_timeout: "Until the response head of a call that is answered whole.",
    upstream_first_event_timeout:
      "From the response head to the first meaningful event; pings do not count.",
    upstream_idle_timeout: "The longest gap between two events.",
    stream_timeout: "The longest stream.",
  },
} as const;
