//! Applying and exporting manifests.

use realms_console::{Author, ConsoleError, Edit, Kind, Verb};

use crate::desk::{CANARY, Desk, WHOLE, document};

const CHANNEL: &str = r#"
[[channel]]
name = "a"
kind = "openai"
credentials = [{ name = "k1", key = "env:K1" }]
models = ["m"]
"#;

#[tokio::test]
async fn the_documented_example_is_applied_once() {
    let desk = Desk::open().await;
    let applied = desk.apply(WHOLE).await;
    insta::assert_snapshot!(applied.to_string(), @r"
    + channel_group `default`
        multiplier: 1
        priority: 0
        enabled: true
    + model `gpt-5.2`
        owner: openai
        enabled: true
        input_usd_per_1m: 1.25
        output_usd_per_1m: 10
        cache_read_usd_per_1m: 0.125
        cache_write_5m_usd_per_1m: 0
        cache_write_1h_usd_per_1m: 0
        price_pinned: true
    + model `fast`
        owner: openai
        enabled: true
    + channel `openai-a`
        kind: openai
        base_url: https://api.openai.com/v1
        dialects: responses, chat
        priority: 10
        weight: 1
        enabled: true
        promoted: false
        groups: default
        endpoints.https://eu.api.openai.com/v1: priority -1
        endpoints.https://us.example.com/v1: priority -5 (disabled)
        limits.concurrency: 20
        credentials.k1.enabled: true
        credentials.k1.limits.requests_per_minute: 60
        credentials.k1.key: (set)
        models.gpt-5.2: gpt-5.2
        models.fast: gpt-5.2-mini
        options.system_prompt.text: Be brief.
        options.system_prompt.mode: prepend
        options.on_disconnect: drain
    + user_group `default`
        channel_groups: default
        multiplier: 1
    + user `ana`
        email: ana@example.org
        role: user
        group: default
        enabled: true
        password: (set)
    + api_key `ana/laptop`
        channel_groups: default
        enabled: true
        multiplier: 1
        key: (set)
    + setting `site_base_url`
        value: http://127.0.0.1:8080
    note: `balance_usd` is not applied: this version keeps no balances
    8 to create, 0 to update, 0 to delete
    ");
    let version = desk.catalog_version().await;

    let again = desk.apply(WHOLE).await;
    assert_eq!(again.to_string(), "nothing to change\n");
    assert_eq!(desk.catalog_version().await, version, "nothing changed, so nobody is told");
}

#[tokio::test]
async fn a_change_is_told_field_by_field() {
    let desk = Desk::open().await;
    desk.apply(WHOLE).await;
    let applied = desk
        .apply(
            r#"
            [[channel]]
            name = "openai-a"
            priority = 20
            credentials = [{ name = "k1", key = "env:OTHER" }, { name = "k2", key = "env:K2" }]
            models = ["gpt-5.2", "fast"]
            [[model]]
            name = "gpt-5.2"
            input_usd_per_1m = "1.5"
            cache_write_1h_usd_per_1m = ""
            [[user]]
            username = "ana"
            email = ""
            password = "env:NEW_PASSWORD"
            [[api_key]]
            user = "ana"
            name = "laptop"
            enabled = false
            [settings]
            retry_max_attempts = 3
            "#,
        )
        .await;
    insta::assert_snapshot!(applied.to_string(), @r"
    ~ model `gpt-5.2`
        input_usd_per_1m: 1.25 -> 1.5
        cache_write_1h_usd_per_1m: 0 -> nothing
    ~ channel `openai-a`
        priority: 10 -> 20
        credentials.k1.key: (set) -> (changed)
        credentials.k2.enabled: true
        credentials.k2.key: (set)
        models.fast: gpt-5.2-mini -> fast
    ~ user `ana`
        email: ana@example.org -> nothing
        password: (changed)
    ~ api_key `ana/laptop`
        enabled: true -> false
    + setting `retry_max_attempts`
        value: 3
    1 to create, 4 to update, 0 to delete
    ");
}

#[tokio::test]
#[expect(clippy::too_many_lines, reason = "most of it is the file")]
async fn what_is_exported_changes_nothing_when_applied() {
    let desk = Desk::open().await;
    let vip = "[[channel_group]]\nname = \"vip\"\nparent = \"default\"\nmultiplier = \"0.5\"\n";
    desk.apply(&format!("{WHOLE}{vip}")).await;
    let text = desk.export().await;
    insta::assert_snapshot!(text, @r#"
    version = 1

    [[channel_group]]
    name = "default"
    multiplier = "1"
    priority = 0
    enabled = true

    [[channel_group]]
    name = "vip"
    parent = "default"
    multiplier = "0.5"
    priority = 0
    enabled = true

    [[model]]
    name = "fast"
    owner = "openai"
    enabled = true

    [[model]]
    name = "gpt-5.2"
    owner = "openai"
    enabled = true
    input_usd_per_1m = "1.25"
    output_usd_per_1m = "10"
    cache_read_usd_per_1m = "0.125"
    cache_write_5m_usd_per_1m = "0"
    cache_write_1h_usd_per_1m = "0"
    price_pinned = true

    [[channel]]
    name = "openai-a"
    kind = "openai"
    base_url = "https://api.openai.com/v1"
    endpoints = ["https://eu.api.openai.com/v1", { base_url = "https://us.example.com/v1", priority = -5, enabled = false }]
    dialects = ["responses", "chat"]
    priority = 10
    weight = 1
    enabled = true
    promoted = false
    groups = ["default"]
    models = [{ name = "fast", upstream = "gpt-5.2-mini" }, "gpt-5.2"]

    [channel.limits]
    concurrency = 20

    [[channel.credentials]]
    name = "k1"
    key = "env:CHANNEL_OPENAI_A_K1_KEY"
    enabled = true

    [channel.credentials.limits]
    requests_per_minute = 60

    [channel.options]
    on_disconnect = "drain"

    [channel.options.system_prompt]
    text = "Be brief."
    mode = "prepend"

    [[user_group]]
    name = "default"
    channel_groups = ["default"]
    multiplier = "1"

    [[user]]
    username = "ana"
    email = "ana@example.org"
    password = "env:USER_ANA_PASSWORD"
    role = "user"
    group = "default"
    enabled = true

    [[api_key]]
    user = "ana"
    name = "laptop"
    key = "env:API_KEY_ANA_LAPTOP"
    channel_groups = ["default"]
    enabled = true

    [settings]
    site_base_url = "http://127.0.0.1:8080"
    "#);
    assert!(!text.contains("canary"));

    // Elsewhere it makes the same, once the variables are set.
    let elsewhere = Desk::open().await;
    elsewhere.apply(&text).await;
    assert_eq!(elsewhere.export().await, text);
    assert!(elsewhere.apply(&text).await.plan.is_empty());
}

#[tokio::test]
async fn the_export_of_an_applied_file_is_stable_under_the_same_secrets() {
    let desk = Desk::open().await;
    desk.apply(WHOLE).await;
    let text = desk.export().await;
    let lookup = |name: &str| {
        let name = match name {
            "CHANNEL_OPENAI_A_K1_KEY" => "OPENAI_API_KEY",
            "USER_ANA_PASSWORD" => "ANA_PASSWORD",
            "API_KEY_ANA_LAPTOP" => "ANA_KEY",
            other => other,
        };
        Desk::lookup(name)
    };
    let applied =
        desk.editor.apply(Edit::manifest(document(&text)), &lookup, &Author::cli()).await.unwrap();
    assert_eq!(applied.to_string(), "nothing to change\n");
}

#[tokio::test]
async fn every_mistake_is_told_at_once_and_nothing_is_written() {
    let desk = Desk::open().await;
    let version = desk.catalog_version().await;
    let text = r#"
        [[channel]]
        name = "a"
        base_url = "ftp://x"
        groups = ["defualt"]
        credentials = [{ key = "env:MISSING_KEY" }, { name = "default" }]
        models = ["m", "m"]
        [[channel]]
        name = "a"
        kind = "openai"
        [[model]]
        name = "m"
        input_usd_per_1m = "1"
        [[user]]
        username = "ana"
        email = "nowhere"
        password = "short"
        group = "nobody"
        [[api_key]]
        user = "anna"
        name = "laptop"
        [settings]
        retry_max_attemps = 3
        retry_max_tries = 100
    "#;
    let mistakes = desk.refused(text).await;
    insta::assert_snapshot!(mistakes, @r"
    15 mistakes:
      channel `a`: credential `default`: the environment variable `MISSING_KEY` is not set
      user `ana`: password: a password has 8 to 256 bytes
      channel `a`: it is described twice
      model `m`: a price needs both input_usd_per_1m and output_usd_per_1m
      channel `a`: it needs a `kind`: openai, anthropic, gemini, codex or azure
      channel `a`: base_url: it is not an address such as https://api.openai.com/v1
      channel `a`: there is no channel_group `defualt`; did you mean `default`?
      channel `a`: credential `default` is listed twice
      channel `a`: credential `default` needs a `key`
      channel `a`: model `m` is listed twice
      user `ana`: there is no user_group `nobody`
      user `ana`: its email is not an address such as ana@example.org
      api_key `anna/laptop`: there is no user `anna`; did you mean `ana`?
      settings: there is no setting `retry_max_attemps`; did you mean `retry_max_attempts`?
      settings: setting `retry_max_tries`: `100` is not a whole number from 1 to 20
    ");
    assert_eq!(desk.catalog_version().await, version);
    assert_eq!(desk.export().await, "version = 1\n");
}

#[tokio::test]
async fn a_catalogue_with_defects_is_rolled_back() {
    let desk = Desk::open().await;
    let circle = "[[channel_group]]\nname = \"a\"\nparent = \"b\"\n\
                  [[channel_group]]\nname = \"b\"\nparent = \"a\"\n";
    let error = desk.try_apply(circle).await.unwrap_err();
    assert!(matches!(error, ConsoleError::Defective(_)), "{error}");
    assert_eq!(desk.export().await, "version = 1\n");
}

#[tokio::test]
async fn a_dry_run_tells_and_does_nothing() {
    let desk = Desk::open().await;
    let version = desk.catalog_version().await;
    let edit = Edit { dry_run: true, ..Edit::manifest(document(WHOLE)) };
    let applied = desk.edit(edit).await.unwrap();
    assert_eq!(applied.plan.count(Verb::Create), 8);
    assert!(applied.to_string().ends_with("nothing was changed: this was a dry run\n"));
    assert!(applied.generated.is_empty());
    assert_eq!(desk.export().await, "version = 1\n");
    assert_eq!(desk.catalog_version().await, version);
}

#[tokio::test]
async fn prune_deletes_what_the_file_does_not_name() {
    let desk = Desk::open().await;
    desk.apply(CHANNEL).await;
    desk.apply("[[channel]]\nname = \"b\"\nkind = \"gemini\"\nmodels = [\"m\", \"n\"]\n").await;
    desk.apply("[[model]]\nname = \"spare\"\n[settings]\nretry_max_tries = 2\n").await;

    // No models in the file: models are untouched.
    let applied = desk.prune(CHANNEL).await;
    insta::assert_snapshot!(applied.to_string(), @r"
    - channel `b`
    0 to create, 0 to update, 1 to delete
    ");
    // Models in the file: those that nobody serves go.
    let applied = desk.prune("[[model]]\nname = \"x\"\n").await;
    insta::assert_snapshot!(applied.to_string(), @r"
    + model `x`
        enabled: true
    - model `n`
    - model `spare`
    note: kept model `m`: channel `a` uses it
    1 to create, 0 to update, 2 to delete
    ");
}

#[tokio::test]
async fn prune_deletes_groups_from_the_leaves_up() {
    let desk = Desk::open().await;
    let tree = "[[channel_group]]\nname = \"a\"\n[[channel_group]]\nname = \"b\"\nparent = \"a\"\n\
                [[channel_group]]\nname = \"c\"\nparent = \"b\"\n[[user_group]]\nname = \"ug\"\nchannel_groups = [\"a\"]\n";
    desk.apply(tree).await;
    let applied = desk.prune("[[channel_group]]\nname = \"z\"\n").await;
    let deleted: Vec<_> = applied
        .plan
        .changes
        .iter()
        .filter(|c| c.verb == Verb::Delete)
        .map(|c| c.name.as_str())
        .collect();
    assert_eq!(deleted, ["c", "b"]);
    assert_eq!(applied.plan.notes, ["kept channel_group `a`: user_group `ug` uses it"]);
}

#[tokio::test]
async fn the_last_root_stays() {
    let desk = Desk::open().await;
    desk.apply("[[user]]\nusername = \"boss\"\nrole = \"root\"\n").await;
    let demoted = desk.refused("[[user]]\nusername = \"boss\"\nrole = \"user\"\n").await;
    assert_eq!(demoted, "no enabled root user would be left");
    let disabled = desk.refused("[[user]]\nusername = \"boss\"\nenabled = false\n").await;
    assert_eq!(disabled, "no enabled root user would be left");
    let deleted = desk.edit(Edit::delete(Kind::User, "boss")).await.unwrap_err();
    assert!(matches!(deleted, ConsoleError::Conflict(_)), "{deleted}");
    let pruned = desk.prune("[[user]]\nusername = \"ana\"\n").await;
    assert_eq!(pruned.plan.notes, ["kept user `boss`: it is the last root user"]);

    let handed_over = "[[user]]\nusername = \"boss\"\nrole = \"user\"\n[[user]]\nusername = \"ana\"\nrole = \"root\"\n";
    desk.apply(handed_over).await;
}

#[tokio::test]
async fn what_is_in_use_is_not_deleted() {
    let desk = Desk::open().await;
    desk.apply(WHOLE).await;
    for (kind, name) in
        [(Kind::ChannelGroup, "default"), (Kind::UserGroup, "default"), (Kind::Model, "fast")]
    {
        let error = desk.edit(Edit::delete(kind, name)).await.unwrap_err();
        assert!(matches!(error, ConsoleError::Conflict(_)), "{error}");
    }
    let error = desk.edit(Edit::delete(Kind::Channel, "nope")).await.unwrap_err();
    assert!(matches!(error, ConsoleError::NotFound(_)), "{error}");
    desk.edit(Edit::delete(Kind::Channel, "openai-a")).await.unwrap();
    desk.edit(Edit::delete(Kind::Model, "fast")).await.unwrap();
    desk.edit(Edit::delete(Kind::User, "ana")).await.unwrap();
    assert!(desk.editor.state().await.unwrap().api_keys.is_empty(), "keys go with their user");
}

#[tokio::test]
async fn a_key_that_is_left_out_is_made_once() {
    let desk = Desk::open().await;
    let text = "[[user]]\nusername = \"ana\"\n[[api_key]]\nuser = \"ana\"\nname = \"laptop\"\n";
    let applied = desk.apply(text).await;
    assert!(applied.to_string().contains("    key: (generated)\n"));
    let [made] = applied.generated.as_slice() else { panic!("one key") };
    assert!(made.key.reveal().starts_with("sk_"));
    let hash = realms_identity::key_hash(&desk.editor.keyring, made.key.reveal());
    assert!(desk.editor.store.find_caller(&hash).await.unwrap().is_some());
    let again = desk.apply(text).await;
    assert!(again.plan.is_empty() && again.generated.is_empty());
}

#[tokio::test]
async fn another_secret_makes_another_key() {
    let desk = Desk::open().await;
    let text = "[[user]]\nusername = \"ana\"\n[[api_key]]\nuser = \"ana\"\nname = \"laptop\"\nkey = \"env:K\"\n";
    desk.apply(text).await;
    let applied = desk.apply(&text.replace("env:K", "env:L")).await;
    assert!(
        applied.to_string().contains("~ api_key `ana/laptop`\n    key: (changed)\n"),
        "{applied}"
    );
    let find = async |name: &str| {
        let hash = realms_identity::key_hash(&desk.editor.keyring, &Desk::lookup(name).unwrap());
        desk.editor.store.find_caller(&hash).await.unwrap()
    };
    assert!(find("K").await.is_none());
    assert!(find("L").await.is_some());
}

#[tokio::test]
async fn a_group_that_a_key_cannot_use_is_pointed_out() {
    let desk = Desk::open().await;
    let applied = desk
        .apply(
            "[[channel_group]]\nname = \"vip\"\n[[user]]\nusername = \"ana\"\n\
             [[api_key]]\nuser = \"ana\"\nname = \"laptop\"\nchannel_groups = [\"vip\"]\n",
        )
        .await;
    let [note] = applied.plan.notes.as_slice() else { panic!("one note") };
    assert!(note.contains("`vip` has no effect, user_group `default` does not allow it"), "{note}");
}

#[tokio::test]
async fn a_revoked_key_is_not_brought_back() {
    let desk = Desk::open().await;
    desk.apply(WHOLE).await;
    let held = desk.editor.state().await.unwrap().api_keys.into_values().next().unwrap();
    let mut tx = desk.editor.store.begin().await.unwrap();
    tx.revoke_api_key(held.id, desk.editor.clock.now()).await.unwrap();
    tx.commit().await.unwrap();
    let refused =
        desk.refused("[[api_key]]\nuser = \"ana\"\nname = \"laptop\"\nenabled = false\n").await;
    assert!(refused.contains("revoked for good"), "{refused}");
    assert!(!desk.export().await.contains("[[api_key]]"));
}

#[tokio::test]
async fn a_key_does_not_follow_its_channel_to_another_host() {
    let desk = Desk::open().await;
    desk.apply(CHANNEL).await;
    let moved = "[[channel]]\nname = \"a\"\nbase_url = \"https://elsewhere.example/v1\"\n";
    let refused = desk.refused(moved).await;
    assert!(refused.contains("give the `key` of each credential again"), "{refused}");
    desk.apply(&format!("{moved}credentials = [{{ name = \"k1\", key = \"env:K1\" }}]\n")).await;
    // Another path on the same host is no other host.
    desk.apply("[[channel]]\nname = \"a\"\nbase_url = \"https://elsewhere.example/v2\"\n").await;
}

#[tokio::test]
async fn no_secret_is_shown() {
    let desk = Desk::open().await;
    let applied = desk.apply(WHOLE).await;
    let state = desk.editor.state().await.unwrap();
    let json = serde_json::to_string(&applied.plan).unwrap();
    for shown in [
        applied.to_string(),
        format!("{applied:?}"),
        json,
        format!("{state:?}"),
        desk.export().await,
    ] {
        assert!(!shown.contains(CANARY), "{shown}");
    }
    for bad in [
        "[[user]]\nusername = \"ana\"\npassword = \"\"\n",
        "[[api_key]]\nuser = \"nobody\"\nname = \"k\"\nkey = \"env:K\"\n",
        "[[channel]]\nname = \"c\"\ncredentials = [{ key = \"env:K\" }]\n",
        "[[channel]]\nname = \"c\"\nkind = \"openai\"\ncredentials = [{ key = \"sk_canary_0123456789abcdef\\n\" }]\n",
    ] {
        let refused = desk.refused(bad).await;
        assert!(!refused.contains(CANARY), "{refused}");
    }
}
