import type { Bootstrap, Features, Me, Permission } from "@/api/types";

/** A site in self mode with everything on. */
export function bootstrap(changes: Partial<Bootstrap> = {}): Bootstrap {
  return {
    site_name: "Realms",
    site_base_url: "https://llm.example.org",
    version: "0.1.0",
    self_mode: true,
    setup_needed: false,
    registration: "open",
    email_verification: false,
    mail: true,
    login_providers: [],
    passkeys: false,
    features: features(),
    invitations: false,
    secure: true,
    ...changes,
  };
}

export function features(changes: Partial<Features> = {}): Features {
  return {
    announcements: true,
    tokens: true,
    usage: true,
    models: true,
    billing: false,
    tickets: false,
    oauth_apps: false,
    ranking: false,
    public_prices: false,
    public_status: false,
    public_key: false,
    invitations: false,
    playground: true,
    admin_channels: true,
    admin_channel_groups: true,
    admin_users: true,
    admin_usage: true,
    admin_announcements: true,
    ...changes,
  };
}

export const operatorPermissions: Permission[] = [
  "operate",
  "channels.write",
  "users.write",
  "audit.read",
  "usage.read",
];

export const rootPermissions: Permission[] = [
  ...operatorPermissions,
  "secrets.write",
  "secrets.reveal",
  "prices.write",
  "roles.write",
  "settings.write",
  "admin_keys.write",
];

/** A plain user. */
export function me(changes: Partial<Me> = {}): Me {
  return {
    id: "us_1",
    username: "ana",
    email: "ana@example.org",
    email_verified: true,
    role: "user",
    user_group: "default",
    has_password: true,
    totp: false,
    passkeys: 0,
    created_at: "2026-11-01T08:00:00Z",
    session_expires_at: "2026-12-24T08:00:00Z",
    permissions: [],
    preferences: {},
    features: features(),
    ...changes,
  };
}

/** The first root user. */
export const root = (changes: Partial<Me> = {}) =>
  me({ id: "us_2", username: "root", role: "root", permissions: rootPermissions, ...changes });
