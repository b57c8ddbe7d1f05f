//! The second factor of sign-in: set-up, sign-in in two steps, replayed and guessed codes, recovery, roles that require
//! one, and its reset.

use std::time::{SystemTime, UNIX_EPOCH};

use afpi_core::keys::Secrets;
use afpi_core::rights::Role;
use afpi_db::sql;
use afpi_platform::secrets::Anew;
use serde_json::{Value, json};
use totp_rs::{Builder, Secret};
use uuid::Uuid;

use crate::support::{Client, HOME, PASSWORD, Reply, World, on_both};

/// The code of this secret, so many steps from now.
fn code(secret: &str, steps: i64) -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    let totp = Builder::new().with_secret(Secret::try_from_base32(secret).unwrap()).build().unwrap();
    totp.generate(now.checked_add_signed(30 * steps).unwrap()).to_string()
}

/// Sets up a second factor for whoever this is. Returns the secret and the recovery codes.
async fn set_up(client: &Client) -> (String, Vec<String>) {
    let started = client.post("/api/auth/second-factor", json!({"password": PASSWORD})).await.expect(200);
    let secret = started["secret"].as_str().unwrap().to_owned();
    let body = json!({"code": code(&secret, 0)});
    let confirmed = client.post("/api/auth/second-factor/confirm", body).await.expect(200);
    let codes = confirmed["recoveryCodes"].as_array().unwrap();
    (secret, codes.iter().map(|code| code.as_str().unwrap().to_owned()).collect())
}

async fn sign_in_at(client: &Client, role: Role, code: Option<&str>) -> Reply {
    let mut body = json!({"email": format!("{}@afpi.test", role.id()), "password": PASSWORD});
    if let Some(code) = code {
        body["code"] = json!(code);
    }
    client.post("/api/auth/login", body).await
}

async fn sign_in(w: &World, role: Role, code: Option<&str>) -> Reply {
    sign_in_at(&w.nobody(), role, code).await
}

/// Forgets which codes were taken.
async fn forget_steps(w: &World) {
    let mut tx = w.app.db.begin().await.unwrap();
    sql("UPDATE second_factors SET last_step = 0").execute(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
}

async fn require(w: &World, role: &str, required: bool) -> Value {
    let admin = w.as_role(Role::Admin).await;
    let path = format!("/api/roles/{role}");
    let version = admin.get(&path).await.expect(200)["version"].clone();
    admin.patch(&path, &version, json!({"requiresSecondFactor": required})).await.expect(200)
}

#[tokio::test]
async fn sign_in_takes_a_code_once() {
    on_both(|w| async move {
        let (me, other) = (w.as_role(Role::Commercial).await, w.as_role(Role::Commercial).await);
        me.post("/api/auth/second-factor", json!({"password": "pas le bon"})).await.refused(422, "validation");
        me.post("/api/auth/second-factor/confirm", json!({"code": "123456"})).await.refused(409, "conflict");
        let started = me.post("/api/auth/second-factor", json!({"password": PASSWORD})).await.expect(200);
        let secret = started["secret"].as_str().unwrap();
        let uri = format!("otpauth://totp/AFPI%20CRM:commercial%40afpi.test?secret={secret}&issuer=AFPI%20CRM");
        assert_eq!(started["uri"], uri);
        assert!(started["qr"]["path"].as_str().unwrap().starts_with('M'));
        // Before it is confirmed, sign-in is as before.
        sign_in(&w, Role::Commercial, None).await.expect(200);
        me.post("/api/auth/second-factor/confirm", json!({"code": "000000"})).await.refused(422, "validation");
        let first = code(secret, 0);
        let confirmed = me.post("/api/auth/second-factor/confirm", json!({"code": first})).await.expect(200);
        assert_eq!(confirmed["recoveryCodes"].as_array().unwrap().len(), 10);
        other.get("/api/auth/me").await.refused(401, "unauthenticated");
        me.get("/api/auth/me").await.expect(200);

        let asked = sign_in(&w, Role::Commercial, None).await;
        assert!(!asked.headers.contains_key("set-cookie"));
        asked.refused(401, "second-factor-required");
        // The code of the confirmation was used.
        sign_in(&w, Role::Commercial, Some(&first)).await.refused(401, "wrong-code");
        let next = code(secret, 1);
        let spaced = format!("{} {}", &next[..3], &next[3..]);
        sign_in(&w, Role::Commercial, Some(&spaced)).await.expect(200);
        sign_in(&w, Role::Commercial, Some(&next)).await.refused(401, "wrong-code");
        // A right code does not replace the password.
        forget_steps(&w).await;
        let body = json!({"email": "commercial@afpi.test", "password": "pas le bon", "code": code(secret, 0)});
        w.nobody().post("/api/auth/login", body).await.refused(401, "bad-credentials");
        // Another person's code.
        let (others, _) = set_up(&w.as_role(Role::Manager).await).await;
        sign_in(&w, Role::Commercial, Some(&code(&others, 1))).await.refused(401, "wrong-code");
        // The secret is readable nowhere.
        let mut conn = w.app.db.read().await.unwrap();
        let sealed: Vec<(Vec<u8>,)> = sql("SELECT sealed FROM second_factors").all(&mut conn).await.unwrap();
        assert!(sealed.iter().all(|(sealed,)| !String::from_utf8_lossy(sealed).contains(secret)));
        drop(conn);

        let admin = w.as_role(Role::Admin).await;
        let lines = admin.get("/api/journal?subjectKind=user&act=signed_in").await.expect(200);
        assert_eq!(lines["data"][0]["changes"][1]["to"], "application");
        let lines = admin.get("/api/journal?subjectKind=user&act=sign_in_refused").await.expect(200);
        assert!(lines.to_string().contains("wrong") && !lines.to_string().contains(&next));
        assert_eq!(
            admin.get("/api/journal?act=second_factor_set").await.expect(200)["data"].as_array().unwrap().len(),
            2
        );
    })
    .await;
}

#[tokio::test]
async fn of_the_same_code_twice_at_once_one_signs_in() {
    on_both(|w| async move {
        let (secret, _) = set_up(&w.as_role(Role::Commercial).await).await;
        let next = code(&secret, 1);
        let (one, two) =
            tokio::join!(sign_in(&w, Role::Commercial, Some(&next)), sign_in(&w, Role::Commercial, Some(&next)));
        let mut statuses = [one.status, two.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 401]);
    })
    .await;
}

#[tokio::test]
async fn guessing_codes_ends_after_five_from_wherever_they_come() {
    on_both(|w| async move {
        let (secret, _) = set_up(&w.as_role(Role::Commercial).await).await;
        let at = |n: u8| w.nobody().at([203, 0, 113, n]);
        for n in 0..5 {
            sign_in_at(&at(n), Role::Commercial, Some("000000")).await.refused(401, "wrong-code");
        }
        // Neither the right code nor another address helps now. Other people are not concerned.
        let blocked = sign_in_at(&at(9), Role::Commercial, Some(&code(&secret, 1))).await;
        assert!(blocked.headers.contains_key("retry-after"));
        blocked.refused(429, "too-many-requests");
        sign_in(&w, Role::Manager, None).await.expect(200);
        // Whoever does not know the password cannot bring this about.
        let body = json!({"email": "manager@afpi.test", "password": "pas le bon", "code": "000000"});
        for _ in 0..4 {
            w.nobody().post("/api/auth/login", body.clone()).await.refused(401, "bad-credentials");
        }
        let mut tx = w.app.db.begin().await.unwrap();
        sql("DELETE FROM login_failures").execute(&mut tx).await.unwrap();
        tx.commit().await.unwrap();
        sign_in(&w, Role::Commercial, Some(&code(&secret, 1))).await.expect(200);
    })
    .await;
}

#[tokio::test]
async fn many_guesses_at_once_are_all_counted() {
    on_both(|w| async move {
        set_up(&w.as_role(Role::Commercial).await).await;
        let mut guesses = tokio::task::JoinSet::new();
        for n in 0..20u8 {
            let client = w.nobody().at([203, 0, 113, 100 + n]);
            guesses.spawn(async move { sign_in_at(&client, Role::Commercial, Some("000000")).await.status });
        }
        let statuses = guesses.join_all().await;
        let tried = statuses.iter().filter(|status| **status == 401).count();
        assert!(tried <= 5, "{statuses:?}");
    })
    .await;
}

#[tokio::test]
async fn a_recovery_code_signs_in_once_and_new_ones_replace_it() {
    on_both(|w| async move {
        let me = w.as_role(Role::Commercial).await;
        let (_, codes) = set_up(&me).await;
        let typed = codes[0].to_uppercase().replace('-', " ");
        sign_in(&w, Role::Commercial, Some(&typed)).await.expect(200);
        sign_in(&w, Role::Commercial, Some(&codes[0])).await.refused(401, "wrong-code");
        assert_eq!(me.get("/api/auth/second-factor").await.expect(200)["recoveryCodesLeft"], 9);
        sign_in(&w, Role::Commercial, Some("0000-0000-0000-0000")).await.refused(401, "wrong-code");
        // Another person's.
        let (_, others) = set_up(&w.as_role(Role::Manager).await).await;
        sign_in(&w, Role::Commercial, Some(&others[0])).await.refused(401, "wrong-code");
        let renew = "/api/auth/second-factor/recovery-codes";
        me.post(renew, json!({"password": "pas le bon"})).await.refused(422, "validation");
        let fresh = me.post(renew, json!({"password": PASSWORD})).await.expect(200);
        sign_in(&w, Role::Commercial, Some(&codes[1])).await.refused(401, "wrong-code");
        sign_in(&w, Role::Commercial, fresh["recoveryCodes"][3].as_str()).await.expect(200);
        let stranger = w.as_role(Role::Facturation).await;
        stranger.post(renew, json!({"password": PASSWORD})).await.refused(409, "conflict");
        let hashes: Vec<(Vec<u8>,)> =
            sql("SELECT hash FROM recovery_codes").all(&mut w.app.db.read().await.unwrap()).await.unwrap();
        assert!(hashes.iter().all(|(hash,)| hash.len() == 32));
    })
    .await;
}

#[tokio::test]
async fn another_phone_counts_from_its_confirmation() {
    on_both(|w| async move {
        let me = w.as_role(Role::Commercial).await;
        let (old, _) = set_up(&me).await;
        let started = me.post("/api/auth/second-factor", json!({"password": PASSWORD})).await.expect(200);
        let new = started["secret"].as_str().unwrap();
        forget_steps(&w).await;
        sign_in(&w, Role::Commercial, Some(&code(new, 0))).await.refused(401, "wrong-code");
        sign_in(&w, Role::Commercial, Some(&code(&old, 0))).await.expect(200);
        me.post("/api/auth/second-factor/confirm", json!({"code": code(new, 0)})).await.expect(200);
        forget_steps(&w).await;
        sign_in(&w, Role::Commercial, Some(&code(&old, 0))).await.refused(401, "wrong-code");
        sign_in(&w, Role::Commercial, Some(&code(new, 0))).await.expect(200);

        me.post("/api/auth/second-factor/remove", json!({"password": "pas le bon"})).await.refused(422, "validation");
        me.post("/api/auth/second-factor/remove", json!({"password": PASSWORD})).await.expect(204);
        sign_in(&w, Role::Commercial, None).await.expect(200);
        // A code that nobody needs does no harm.
        sign_in(&w, Role::Commercial, Some("123456")).await.expect(200);
    })
    .await;
}

#[tokio::test]
async fn a_role_that_requires_one_leads_to_its_set_up_before_anything_else() {
    on_both(|w| async move {
        let before = w.as_role(Role::Commercial).await;
        assert_eq!(require(&w, "commercial", true).await["requiresSecondFactor"], true);
        // Sessions from before are held up as well.
        before.get("/api/opportunites").await.refused(403, "second-factor-setup");
        let session = sign_in(&w, Role::Commercial, None).await.expect(200);
        assert_eq!(session["user"]["mustSetUpSecondFactor"], true);
        let me = w.nobody().with_token(session["token"].as_str().unwrap());
        let document = serde_json::to_value(afpi::router::openapi()).unwrap();
        let (mut refused, mut open) = (0, Vec::new());
        for (path, item) in document["paths"].as_object().unwrap() {
            for (method, operation) in item.as_object().unwrap() {
                // Those without a sign-in ask for nobody.
                if operation["security"].is_array() {
                    continue;
                }
                let path: String = path
                    .split('/')
                    .map(|part| if part.starts_with('{') { Uuid::nil().to_string() } else { part.to_owned() })
                    .collect::<Vec<_>>()
                    .join("/");
                let body = (method != "get" && method != "delete").then(|| json!({}));
                let reply = me.send(&method.to_uppercase(), &path, body, &[("if-match", "\"1\"".to_owned())]).await;
                match reply.body["code"].as_str() {
                    Some("second-factor-setup") => refused += 1,
                    _ => open.push(operation["operationId"].as_str().unwrap().to_owned()),
                }
            }
        }
        open.sort();
        assert_eq!(open, ["confirmSecondFactor", "getMe", "getSecondFactor", "startSecondFactor"]);
        assert!(refused > 150, "{refused}");
        // With a key, too.
        let key = [("idempotency-key", "k".to_owned())];
        me.send("POST", "/api/entreprises", Some(json!({"name": "N"})), &key).await.refused(403, "second-factor-setup");

        let (secret, _) = set_up(&me).await;
        me.get("/api/opportunites").await.expect(200);
        assert_eq!(me.get("/api/auth/me").await.expect(200)["mustSetUpSecondFactor"], false);
        me.post("/api/auth/second-factor/remove", json!({"password": PASSWORD})).await.refused(409, "conflict");
        sign_in(&w, Role::Commercial, None).await.refused(401, "second-factor-required");
        sign_in(&w, Role::Commercial, Some(&code(&secret, 1))).await.expect(200);
        // Other roles go on, and this one when it is not required any more.
        w.as_role(Role::Manager).await.get("/api/opportunites").await.expect(200);
    })
    .await;
}

#[tokio::test]
async fn the_administrators_role_can_require_one_and_keeps_its_rights() {
    on_both(|w| async move {
        let admin = w.as_role(Role::Admin).await;
        let role = require(&w, "admin", true).await;
        assert!(role["actions"].as_array().unwrap().len() > 20);
        admin.get("/api/roles").await.refused(403, "second-factor-setup");
        set_up(&admin).await;
        let role = admin.get("/api/roles/admin").await.expect(200);
        admin
            .patch("/api/roles/admin", &role["version"], json!({"requiresSecondFactor": false, "actions": []}))
            .await
            .refused(409, "conflict");
        let lines = admin.get("/api/journal?subjectKind=role&subjectId=admin").await.expect(200);
        assert_eq!(lines["data"][0]["changes"][0]["field"], "/requiresSecondFactor");
        admin.patch("/api/roles/admin", &role["version"], json!({"requiresSecondFactor": false})).await.expect(200);
    })
    .await;
}

#[tokio::test]
async fn a_lost_phone_is_reset_by_whoever_manages_the_person() {
    on_both(|w| async move {
        let me = w.as_role(Role::Commercial).await;
        set_up(&me).await;
        let path = format!("/api/users/{}/second-factor", w.person(Role::Commercial));
        w.as_role(Role::Planificateur).await.delete(&path).await.refused(403, "forbidden");
        let manager = w.as_role(Role::Manager).await;
        let (_, _) = set_up(&manager).await;
        let own = format!("/api/users/{}/second-factor", w.person(Role::Manager));
        manager.delete(&own).await.refused(409, "conflict");
        let chief = w.another(Role::Manager, "chef", &[HOME]).await;
        assert!([403, 404].contains(&manager.delete(&format!("/api/users/{chief}/second-factor")).await.status));
        let location = path.trim_end_matches("/second-factor");
        assert_eq!(manager.get(location).await.expect(200)["hasSecondFactor"], true);
        manager.delete(&path).await.expect(204);
        me.get("/api/auth/me").await.refused(401, "unauthenticated");
        sign_in(&w, Role::Commercial, None).await.expect(200);
        assert_eq!(manager.get(location).await.expect(200)["hasSecondFactor"], false);
        // On the server, too.
        let email = "manager@afpi.test";
        assert!(afpi_crm::users::admin::reset_second_factor(&w.app.db, email).await.unwrap());
        assert!(!afpi_crm::users::admin::reset_second_factor(&w.app.db, email).await.unwrap());
        sign_in(&w, Role::Manager, None).await.expect(200);
        let admin = w.as_role(Role::Admin).await;
        let lines = admin.get("/api/journal?act=second_factor_removed").await.expect(200);
        assert_eq!(lines["data"].as_array().unwrap().len(), 2);
    })
    .await;
}

#[tokio::test]
async fn a_secret_survives_an_exchange_of_the_installations_secret() {
    on_both(|w| async move {
        let (secret, _) = set_up(&w.as_role(Role::Commercial).await).await;
        const OLD: &str = "q8Zr2mVx0LwT7bYc5NfJ1kHs9PdG4aEu";
        let new = || Secrets::from("Zx81mQ2wLr0TbYc5NfJ1kHs9PdG4aEu7");
        let both = w.with_secrets(new().accepting(OLD.to_owned())).await;
        sign_in(&both, Role::Commercial, Some(&code(&secret, 1))).await.expect(200);
        assert_eq!(both.app.secrets.behind().await.unwrap(), (1, 0));
        let anew = both.app.secrets.encrypt_anew().await.unwrap();
        assert_eq!((anew.changed, anew.closed.len()), (1, 0));
        let alone = w.with_secrets(new()).await;
        forget_steps(&w).await;
        sign_in(&alone, Role::Commercial, Some(&code(&secret, 1))).await.expect(200);
        let known = w.app.secrets.encrypt_anew().await.unwrap();
        assert_eq!(known, Anew { closed: known.closed.clone(), ..Anew::default() });
        assert_eq!(known.closed[0].0, "second factor");
    })
    .await;
}
