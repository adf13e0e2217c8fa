//! An OAuth client library, driven by the script of this folder through what apps do: being let in, calling, going
//! wrong, being let out.

use std::path::Path;

use serde_json::json;

use crate::{realms::Realms, sandbox::Sandbox};

const ADMIN_KEY: &str = "an-admin-key-of-the-client-tests-0123456789";
const PASSWORD: &str = "correct horse battery staple";

#[tokio::test]
async fn openid_client_for_node() {
    let manifest = format!(
        "version = 1\n[[channel]]\nname = \"a\"\nkind = \"openai\"\nbase_url = \"http://127.0.0.1:9\"\n\
         groups = [\"default\"]\ncredentials = [{{ key = \"upstream-key\" }}]\nmodels = [\"{model}\"]\n\
         [[channel_group]]\nname = \"default\"\n\
         [[user_group]]\nname = \"default\"\nchannel_groups = [\"default\"]\n\
         [[user]]\nusername = \"ana\"\nemail = \"ana@example.org\"\npassword = \"{PASSWORD}\"\n\
         group = \"default\"\n",
        model = crate::MODEL,
    );
    let business = [("REALMS_SELF_MODE_ENABLE", "false"), ("REALMS_ADMIN_API_KEY", ADMIN_KEY)];
    let realms = Realms::start_with(&manifest, &business).await;
    let sandbox = Sandbox::new().await;
    let driver = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/clients/oauth_client.mjs");
    let environment = [
        ("BASE_URL", &*format!("http://{}", realms.address())),
        ("ADMIN_KEY", ADMIN_KEY),
        ("USER", "ana"),
        ("PASSWORD", PASSWORD),
    ];
    let run = sandbox.run("node", &[driver.to_str().unwrap()], &environment).await;
    let told = run.expect_success().json();
    let expected = json!({
        "public": {
            "type": "bearer", "scope": "profile relay", "who": "ana", "email": null,
            "models": [crate::MODEL], "renewed": "profile relay",
            "again": "invalid_grant", "ended": "invalid_token",
        },
        "replayed": { "second": "invalid_grant", "ended": "invalid_token" },
        "misused": {
            "verifier": "invalid_grant", "redirect": true, "more": "invalid_scope",
            "widened": "invalid_scope", "call": "insufficient_scope",
        },
        "secret": { "guessed": "invalid_client", "revoked": "invalid_token" },
    });
    assert_eq!(told, expected);
    assert!(sandbox.hosts_tried().is_empty());
    realms.stop().await;
}
