//! Who people are: accounts, groups, keys, proofs, and apps that act for them.

entities! {
    /// Accounts of people.
    user = "users" {
        #[sea_orm(primary_key, auto_increment = false)]
        id: i64,
        username: String,
        email: Option<String>,
        password_hash: Option<String>,
        role: String,
        group_id: i64,
        enabled: bool,
        created_at: i64,
        updated_at: i64,
        epoch: i64,
        limits: Option<String>,
        budgets: Option<String>,
    }

    /// Groups of users.
    user_group = "user_groups" {
        #[sea_orm(primary_key, auto_increment = false)]
        id: i64,
        name: String,
        created_at: i64,
        updated_at: i64,
        multiplier_ppm: i64,
    }

    /// Which channel groups a user group may use, in order.
    user_group_channel_group = "user_group_channel_groups" {
        #[sea_orm(primary_key, auto_increment = false)]
        user_group_id: i64,
        #[sea_orm(primary_key, auto_increment = false)]
        channel_group_id: i64,
        position: i64,
    }

    /// Clients' secrets.
    api_key = "api_keys" {
        #[sea_orm(primary_key, auto_increment = false)]
        id: i64,
        user_id: i64,
        name: String,
        key_hash: String,
        hash_alg: String,
        hint: String,
        sealed_copy: Option<String>,
        enabled: bool,
        revoked_at: Option<i64>,
        last_used_at: Option<i64>,
        created_at: i64,
        updated_at: i64,
        limits: Option<String>,
        rules: Option<String>,
        first_used_at: Option<i64>,
        multiplier_ppm: i64,
    }

    /// The channel groups an API key is bound to, in order.
    api_key_channel_group = "api_key_channel_groups" {
        #[sea_orm(primary_key, auto_increment = false)]
        api_key_id: i64,
        #[sea_orm(primary_key, auto_increment = false)]
        channel_group_id: i64,
        position: i64,
    }

    /// Keys for the admin API.
    admin_key = "admin_keys" {
        #[sea_orm(primary_key, auto_increment = false)]
        id: i64,
        name: String,
        key_hash: String,
        hint: String,
        scopes: String,
        created_by: String,
        created_by_id: Option<i64>,
        created_at: i64,
        last_used_at: Option<i64>,
        expires_at: Option<i64>,
    }

    /// The address of a user that was shown to be theirs.
    verified_email = "verified_emails" {
        #[sea_orm(primary_key, auto_increment = false)]
        user_id: i64,
        email: String,
        verified_at: i64,
    }

    /// What people set for themselves, as a JSON object.
    preference = "preferences" {
        #[sea_orm(primary_key, auto_increment = false)]
        user_id: i64,
        value: String,
        updated_at: i64,
    }

    /// How people are shown to others in the ranking.
    ranking_choice = "ranking_choices" {
        #[sea_orm(primary_key, auto_increment = false)]
        user_id: i64,
        shown: String,
        updated_at: i64,
    }

    /// Secrets that authenticator apps share.
    totp_secret = "totp_secrets" {
        #[sea_orm(primary_key, auto_increment = false)]
        user_id: i64,
        sealed_secret: String,
        last_step: i64,
        created_at: i64,
        confirmed_at: Option<i64>,
    }

    /// Codes that stand in for a lost authenticator.
    recovery_code = "recovery_codes" {
        #[sea_orm(primary_key, auto_increment = false)]
        user_id: i64,
        #[sea_orm(primary_key, auto_increment = false)]
        hash: String,
        created_at: i64,
        used_at: Option<i64>,
    }

    /// Keys that devices keep for logging in.
    passkey = "passkeys" {
        #[sea_orm(primary_key, auto_increment = false)]
        id: i64,
        user_id: i64,
        name: String,
        credential_hash: String,
        credential_id: String,
        public_key: String,
        sign_count: i64,
        created_at: i64,
        last_used_at: Option<i64>,
    }

    /// What users are at other sites.
    external_identity = "external_identities" {
        #[sea_orm(primary_key, auto_increment = false)]
        id: i64,
        user_id: i64,
        provider: String,
        issuer: String,
        subject: String,
        email: Option<String>,
        created_at: i64,
    }

    /// Codes sent by mail, each the only one of its subject.
    one_time_code = "one_time_codes" {
        #[sea_orm(primary_key, auto_increment = false)]
        id: i64,
        subject_hash: String,
        code_hash: String,
        tries: i64,
        created_at: i64,
        expires_at: i64,
    }

    /// What must come back within minutes, once.
    challenge = "challenges" {
        #[sea_orm(primary_key, auto_increment = false)]
        hash: String,
        kind: String,
        user_id: Option<i64>,
        note: String,
        tries: i64,
        expires_at: i64,
    }

    /// Tries, each in a slot of its bucket.
    guess = "guesses" {
        #[sea_orm(primary_key, auto_increment = false)]
        bucket: String,
        #[sea_orm(primary_key, auto_increment = false)]
        slot: i64,
        made_at: i64,
        ticket: i64,
    }

    /// Programs of others that users let in.
    oauth_app = "oauth_apps" {
        #[sea_orm(primary_key, auto_increment = false)]
        id: i64,
        name: String,
        publisher: String,
        homepage: Option<String>,
        redirect_uris: Option<String>,
        scopes: String,
        secret_hash: Option<String>,
        secret_hint: Option<String>,
        old_secret_hash: Option<String>,
        old_secret_until: Option<i64>,
        access_token_s: i64,
        enabled: bool,
        created_at: i64,
        updated_at: i64,
    }

    /// What a user lets an OAuth app do.
    oauth_grant = "oauth_grants" {
        #[sea_orm(primary_key, auto_increment = false)]
        id: i64,
        app_id: i64,
        user_id: i64,
        scopes: String,
        remembered: bool,
        api_key_id: Option<i64>,
        created_at: i64,
        updated_at: i64,
        last_used_at: Option<i64>,
    }

    /// What an OAuth app exchanges for tokens.
    oauth_code = "oauth_codes" {
        #[sea_orm(primary_key, auto_increment = false)]
        hash: String,
        grant_id: i64,
        family: i64,
        scopes: String,
        redirect_uri: String,
        challenge: Option<String>,
        expires_at: i64,
        used_at: Option<i64>,
    }

    /// What an OAuth app calls with, and what it gets another by.
    oauth_token = "oauth_tokens" {
        #[sea_orm(primary_key, auto_increment = false)]
        hash: String,
        grant_id: i64,
        family: i64,
        kind: String,
        scopes: String,
        created_at: i64,
        expires_at: i64,
        used_at: Option<i64>,
    }
}
