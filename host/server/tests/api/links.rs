//! Links in letters: invitations and forgotten passwords. What they allow, for how long, and what the answers reveal.

use afpi_core::keys::Secrets;
use afpi_core::rights::Role;
use afpi_db::sql;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::smtp::{Letter, MailServer};
use crate::support::{AWAY, Client, HOME, PASSWORD, Reply, World, on_both, on_both_with};

const NEW: &str = "sept lampes bleues";

/// With a mail server.
pub async fn mailed<Fut: Future<Output = ()>>(body: impl Fn(World, MailServer) -> Fut) {
    on_both_with(
        async |config| {
            let server = MailServer::start().await;
            config.smtp_url = Some(server.url());
            server
        },
        body,
    )
    .await;
}

/// The secret of the link in a letter, whose text is in quoted-printable.
fn secret(letter: &Letter) -> String {
    let text = letter.text.replace("=\r\n", "");
    let (_, rest) = text.split_once("https://crm.test/connexion/lien#").unwrap_or_else(|| panic!("no link in {text}"));
    rest.split_whitespace().next().unwrap().to_owned()
}

fn person(w: &World, email: &str) -> Value {
    json!({"email": email, "name": "Marie Durand", "roleId": "commercial", "localisationIds": [w.site(HOME)]})
}

async fn sign_in(w: &World, email: &str, password: &str) -> Reply {
    w.nobody().post("/api/auth/login", json!({"email": email, "password": password})).await
}

async fn choose(client: &Client, token: &str, password: &str) -> Reply {
    client.post("/api/auth/link/password", json!({"token": token, "password": password})).await
}

async fn read(w: &World, token: &str) -> Reply {
    w.nobody().post("/api/auth/link", json!({"token": token})).await
}

async fn forgotten(client: &Client, email: &str) -> Reply {
    client.post("/api/auth/forgotten", json!({"email": email})).await
}

/// Moves all links this many milliseconds into the past.
async fn age(w: &World, by: i64) {
    let mut tx = w.app.db.begin().await.unwrap();
    let older = sql("UPDATE account_links SET created_at = created_at - ?, expires_at = expires_at - ?");
    older.bind(by).bind(by).execute(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
}

const MINUTE: i64 = 60 * 1000;
const DAY: i64 = 24 * 60 * MINUTE;

/// Asks for a link to a new password, and takes it out of the letter.
async fn asked(w: &World, server: &MailServer, email: &str) -> String {
    forgotten(&w.nobody(), email).await.expect(202);
    w.work().await;
    // Others tell of changes of the account.
    let mut letters = server.letters();
    letters.retain(|letter| letter.text.contains("/connexion/lien#"));
    assert_eq!(letters.len(), 1, "{letters:#?}");
    secret(&letters[0])
}

#[tokio::test]
async fn an_invited_person_chooses_a_password_with_the_link_once() {
    mailed(|w, server| async move {
        let admin = w.as_role(Role::Admin).await;
        let marie = admin.post("/api/users", person(&w, "marie@exemple.fr")).await.expect(201);
        assert_eq!((&marie["invited"], marie["invitationExpiresAt"].is_string()), (&json!(true), true));
        sign_in(&w, "marie@exemple.fr", NEW).await.refused(401, "bad-credentials");
        w.work().await;
        let letters = server.letters();
        assert_eq!((letters.len(), letters[0].to[0].as_str()), (1, "marie@exemple.fr"));
        let head = letters[0].head();
        assert!(head.iter().any(|line| line == "Subject: Votre compte AFPI CRM"), "{head:#?}");
        let token = secret(&letters[0]);
        assert_eq!(token.len(), 43, "256 bits");

        let link = read(&w, &token).await.expect(200);
        assert_eq!((&link["purpose"], &link["email"]), (&json!("invitation"), &json!("marie@exemple.fr")));
        // A password that is refused does not use the link up.
        choose(&w.nobody(), &token, "court").await.refused(422, "validation");
        choose(&w.nobody(), &token, "marie.durand1").await.refused(422, "validation");
        choose(&w.nobody(), &token, NEW).await.expect(204);
        choose(&w.nobody(), &token, "neuf tables rouges").await.refused(410, "link-ended");
        read(&w, &token).await.refused(410, "link-ended");
        sign_in(&w, "marie@exemple.fr", NEW).await.expect(200);
        let location = format!("/api/users/{}", marie["id"].as_str().unwrap());
        let marie = admin.get(&location).await.expect(200);
        assert_eq!((&marie["invited"], &marie["invitationExpiresAt"]), (&json!(false), &Value::Null));
        admin.post(&format!("{location}/invitation"), json!({})).await.refused(409, "conflict");
    })
    .await;
}

#[tokio::test]
async fn a_second_invitation_ends_the_first_and_both_end_after_a_week() {
    mailed(|w, server| async move {
        let admin = w.as_role(Role::Admin).await;
        let english = json!({"locale": "en"});
        let mut body = person(&w, "marie@exemple.fr");
        body.as_object_mut().unwrap().extend(english.as_object().unwrap().clone());
        let marie = admin.post("/api/users", body).await.expect(201);
        let again = format!("/api/users/{}/invitation", marie["id"].as_str().unwrap());
        w.work().await;
        let first = server.letters().remove(0);
        assert!(first.text.contains("Hello Marie Durand"), "{}", first.text);
        let made = admin.post(&again, json!({})).await.expect(200);
        assert_eq!(made["link"], Value::Null, "where letters are sent, nobody but the person sees the link");
        w.work().await;
        let second = secret(&server.letters()[0]);
        read(&w, &secret(&first)).await.refused(410, "link-ended");
        read(&w, &second).await.expect(200);
        age(&w, 7 * DAY - MINUTE).await;
        read(&w, &second).await.expect(200);
        age(&w, MINUTE).await;
        choose(&w.nobody(), &second, NEW).await.refused(410, "link-ended");

        let waiting = admin.get("/api/users?invited=true").await.expect(200);
        assert_eq!((waiting["data"].as_array().unwrap().len(), &waiting["data"][0]["id"]), (1, &marie["id"]));
        assert!(admin.get("/api/users?invited=false").await.expect(200)["data"].as_array().unwrap().len() > 5);
        // Whoever is switched off is not invited, and a link from before is over.
        admin.post(&again, json!({})).await.expect(200);
        let location = again.trim_end_matches("/invitation");
        admin.patch(location, &marie["version"], json!({"active": false})).await.expect(200);
        w.work().await;
        assert!(server.letters().is_empty(), "a link that is over is not sent");
        admin.post(&again, json!({})).await.refused(409, "conflict");
    })
    .await;
}

#[tokio::test]
async fn without_a_mail_server_the_link_is_handed_over() {
    on_both(|w| async move {
        let admin = w.as_role(Role::Admin).await;
        let marie = admin.post("/api/users", person(&w, "marie@exemple.fr")).await.expect(201);
        assert_eq!((&marie["invited"], &marie["invitationExpiresAt"]), (&json!(true), &Value::Null));
        let again = format!("/api/users/{}/invitation", marie["id"].as_str().unwrap());
        let key = [("idempotency-key", "once".to_owned())];
        let made = admin.send("POST", &again, Some(json!({})), &key).await.expect(200);
        let link = made["link"].as_str().unwrap();
        let token = link.strip_prefix("https://crm.test/connexion/lien#").unwrap();
        // The secret is not kept with the answers, and not in the journal.
        let mut conn = w.app.db.read().await.unwrap();
        assert_eq!(sql("SELECT COUNT(*) FROM idempotency_keys").scalar::<i64>(&mut conn).await.unwrap(), 0);
        let (hash,) = sql("SELECT hash FROM account_links").one::<(Vec<u8>,)>(&mut conn).await.unwrap();
        assert!(hash.len() == 32 && !String::from_utf8_lossy(&hash).contains(token));
        drop(conn);
        let lines = admin.get("/api/journal?subjectKind=user&act=link_sent").await.expect(200);
        assert_eq!(lines["data"].as_array().unwrap().len(), 1);
        assert!(!lines.to_string().contains(token));
        choose(&w.nobody(), token, NEW).await.expect(204);
        sign_in(&w, "marie@exemple.fr", NEW).await.expect(200);
        forgotten(&w.nobody(), "marie@exemple.fr").await.refused(409, "conflict");

        // Only whoever may manage a person gets a link.
        let far = w.another(Role::Commercial, "loin", &[HOME, AWAY]).await;
        let chief = w.another(Role::Admin, "chef", &[]).await;
        let mut tx = w.app.db.begin().await.unwrap();
        for id in [far, chief] {
            sql("UPDATE users SET password_hash = '' WHERE id = ?").bind(id).execute(&mut tx).await.unwrap();
        }
        tx.commit().await.unwrap();
        let manager = w.as_role(Role::Manager).await;
        let invite =
            async |client: &Client, id: Uuid| client.post(&format!("/api/users/{id}/invitation"), json!({})).await;
        invite(&manager, far).await.refused(403, "forbidden");
        assert!([403, 404].contains(&invite(&manager, chief).await.status));
        invite(&admin, far).await.expect(200);
    })
    .await;
}

#[tokio::test]
async fn a_forgotten_password_is_replaced_and_every_session_ends() {
    mailed(|w, server| async move {
        let (email, id) = ("commercial@afpi.test", w.person(Role::Commercial));
        let (here, other) = (w.as_role(Role::Commercial).await, w.as_role(Role::Manager).await);
        for _ in 0..5 {
            sign_in(&w, email, "un mauvais mot de passe").await.refused(401, "bad-credentials");
        }
        sign_in(&w, email, PASSWORD).await.refused(429, "too-many-requests");
        let token = asked(&w, &server, email).await;
        assert_eq!(read(&w, &token).await.expect(200)["purpose"], "password");
        here.get("/api/auth/me").await.expect(200);
        choose(&w.nobody(), &token, NEW).await.expect(204);
        here.get("/api/auth/me").await.refused(401, "unauthenticated");
        other.get("/api/auth/me").await.expect(200);
        sign_in(&w, email, PASSWORD).await.refused(401, "bad-credentials");
        sign_in(&w, email, NEW).await.expect(200);
        choose(&w.nobody(), &token, "neuf tables rouges").await.refused(410, "link-ended");

        let admin = w.as_role(Role::Admin).await;
        let lines =
            admin.get(&format!("/api/journal?subjectKind=user&subjectId={id}&act=password_set")).await.expect(200);
        let line = &lines["data"][0];
        assert_eq!((&line["actor"]["kind"], &line["changes"][0]["to"]), (&json!("person"), &json!("password")));
    })
    .await;
}

#[tokio::test]
async fn a_link_to_a_new_password_lives_thirty_minutes_and_ends_with_any_other_password() {
    mailed(|w, server| async move {
        let email = "commercial@afpi.test";
        let first = asked(&w, &server, email).await;
        let second = asked(&w, &server, email).await;
        read(&w, &first).await.refused(410, "link-ended");
        age(&w, 30 * MINUTE - 5000).await;
        read(&w, &second).await.expect(200);
        age(&w, 5000).await;
        choose(&w.nobody(), &second, NEW).await.refused(410, "link-ended");

        // The person changes it; an administrator sets another one; the account is switched off.
        let third = asked(&w, &server, email).await;
        let me = w.as_role(Role::Commercial).await;
        me.post("/api/auth/password", json!({"current": PASSWORD, "new": NEW})).await.expect(204);
        choose(&w.nobody(), &third, "neuf tables rouges").await.refused(410, "link-ended");
        let admin = w.as_role(Role::Admin).await;
        let location = format!("/api/users/{}", w.person(Role::Commercial));
        for change in [json!({"password": "neuf tables rouges"}), json!({"active": false})] {
            age(&w, DAY).await;
            let token = asked(&w, &server, email).await;
            let version = admin.get(&location).await.expect(200)["version"].clone();
            admin.patch(&location, &version, change).await.expect(200);
            choose(&w.nobody(), &token, "dix chaises jaunes").await.refused(410, "link-ended");
        }
        // Nobody writes to an account that is switched off.
        forgotten(&w.nobody().at([203, 0, 113, 4]), email).await.expect(202);
        w.work().await;
        assert!(server.letters().is_empty());
    })
    .await;
}

#[tokio::test]
async fn whether_an_address_has_an_account_is_not_told() {
    mailed(|w, server| async move {
        let client = w.nobody().at([203, 0, 113, 5]);
        let mut answers = Vec::new();
        let jobs = async || {
            sql("SELECT COUNT(*) FROM outbox").scalar::<i64>(&mut w.app.db.read().await.unwrap()).await.unwrap()
        };
        for email in ["commercial@afpi.test", "personne@afpi.test", "personne"] {
            let before = jobs().await;
            let reply = forgotten(&client, email).await;
            let work = jobs().await - before;
            let names: Vec<String> = reply.headers.keys().map(|name| name.to_string()).collect();
            answers.push((reply.status, reply.body, names, work));
        }
        assert_eq!(answers[0].0, 202);
        assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:#?}");
        // What was typed is readable nowhere.
        let payloads =
            sql("SELECT payload FROM outbox").all::<(String,)>(&mut w.app.db.read().await.unwrap()).await.unwrap();
        assert!(
            payloads.len() == 3 && payloads.iter().all(|(payload,)| !payload.contains("afpi.test")),
            "{payloads:?}"
        );
        w.work().await;
        assert_eq!(server.letters().len(), 1);

        // The limit is the same, too.
        for email in ["manager@afpi.test", "inconnu@afpi.test"] {
            let mut last = 202;
            for _ in 0..6 {
                last = forgotten(&client, email).await.status;
            }
            assert_eq!(last, 429, "{email}");
        }
        // It does not keep anybody from signing in.
        client.post("/api/auth/login", json!({"email": "manager@afpi.test", "password": PASSWORD})).await.expect(200);
    })
    .await;
}

#[tokio::test]
async fn nobodys_mailbox_is_flooded_from_many_addresses() {
    mailed(|w, server| async move {
        for n in 0..9 {
            forgotten(&w.nobody().at([203, 0, 113, 20 + n]), "commercial@afpi.test").await.expect(202);
        }
        w.work().await;
        // Each link ends the one before, so some letters may have been overtaken; never more than five go out.
        let sent = server.letters().len();
        assert!((1..=5).contains(&sent), "{sent}");
    })
    .await;
}

#[tokio::test]
async fn guessing_links_ends_soon_and_a_good_one_works_from_elsewhere() {
    mailed(|w, server| async move {
        let token = asked(&w, &server, "commercial@afpi.test").await;
        let guesser = w.nobody().at([203, 0, 113, 6]);
        let ask = async |token: String| guesser.post("/api/auth/link", json!({"token": token})).await;
        // All but the last digit are right: no part of a secret helps.
        ask(format!("{}!", &token[..42])).await.refused(410, "link-ended");
        let mut statuses = Vec::new();
        for n in 0..55 {
            statuses.push(ask(format!("essai-{n}")).await.status);
        }
        assert_eq!((statuses[0], *statuses.last().unwrap()), (410, 429));
        choose(&guesser, &token, NEW).await.refused(429, "too-many-requests");
        choose(&w.nobody(), &token, NEW).await.expect(204);
    })
    .await;
}

#[tokio::test]
async fn of_two_at_once_one_chooses() {
    mailed(|w, server| async move {
        let token = asked(&w, &server, "commercial@afpi.test").await;
        let client = w.nobody();
        let (one, two) = tokio::join!(choose(&client, &token, NEW), choose(&client, &token, "neuf tables rouges"));
        let mut statuses = [one.status, two.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [204, 410]);
    })
    .await;
}

#[tokio::test]
async fn a_letter_survives_a_mail_server_that_is_away_and_an_exchange_of_secrets() {
    mailed(|w, server| async move {
        server.refuse(Some("451 4.3.0 later"));
        forgotten(&w.nobody(), "commercial@afpi.test").await.expect(202);
        w.work().await;
        assert!(server.letters().is_empty());
        let payloads =
            sql("SELECT payload FROM jobs").all::<(String,)>(&mut w.app.db.read().await.unwrap()).await.unwrap();
        assert!(payloads.iter().all(|(payload,)| payload.contains("sealed") && !payload.contains("afpi.test")));
        server.refuse(None);
        crate::sendings::hurry(&w).await;
        // The process that goes on has a new secret, and accepts the old one.
        let secrets =
            Secrets::from("Zx81mQ2wLr0TbYc5NfJ1kHs9PdG4aEu7").accepting("q8Zr2mVx0LwT7bYc5NfJ1kHs9PdG4aEu".to_owned());
        let next = w.with_secrets_and_mail(secrets, server.url()).await;
        next.work().await;
        let letters = server.letters();
        assert_eq!(letters.len(), 1);
        choose(&w.nobody(), &secret(&letters[0]), NEW).await.expect(204);
    })
    .await;
}

#[tokio::test]
async fn a_letter_that_is_sent_twice_has_the_same_link() {
    mailed(|w, server| async move {
        let admin = w.as_role(Role::Admin).await;
        admin.post("/api/users", person(&w, "marie@exemple.fr")).await.expect(201);
        let mut conn = w.app.db.read().await.unwrap();
        let job = sql("SELECT payload FROM outbox WHERE kind = 'account-link'").one::<(String,)>(&mut conn).await;
        drop(conn);
        let payload: Value = serde_json::from_str(&job.unwrap().0).unwrap();
        w.work().await;
        // As after a crash between the answer of the mail server and ours.
        let mut tx = w.app.db.begin().await.unwrap();
        afpi_jobs::enqueue(&mut tx, &afpi_jobs::NewJob::new("mail", "account-link", payload)).await.unwrap();
        tx.commit().await.unwrap();
        w.work().await;
        let letters = server.letters();
        assert_eq!(letters.len(), 2);
        assert_eq!(secret(&letters[0]), secret(&letters[1]));
        choose(&w.nobody(), &secret(&letters[0]), NEW).await.expect(204);
    })
    .await;
}

#[tokio::test]
async fn links_are_forgotten_a_day_after_they_expired() {
    mailed(|w, server| async move {
        asked(&w, &server, "commercial@afpi.test").await;
        let count = async || {
            sql("SELECT COUNT(*) FROM account_links").scalar::<i64>(&mut w.app.db.read().await.unwrap()).await.unwrap()
        };
        age(&w, DAY).await;
        afpi::housekeeping::keep(&w.app).await;
        assert_eq!(count().await, 1);
        age(&w, 30 * MINUTE + 1000).await;
        afpi::housekeeping::keep(&w.app).await;
        assert_eq!(count().await, 0);
    })
    .await;
}

/// The subjects of the letters that came.
fn subjects(server: &MailServer) -> Vec<String> {
    let subject =
        |letter: Letter| letter.head().into_iter().find_map(|line| line.strip_prefix("Subject: ").map(str::to_owned));
    server.letters().into_iter().filter_map(subject).collect()
}

#[tokio::test]
async fn a_change_of_the_account_is_told_by_letter() {
    mailed(|w, server| async move {
        let me = w.as_role(Role::Commercial).await;
        me.post("/api/auth/password", json!({"current": PASSWORD, "new": NEW})).await.expect(204);
        w.work().await;
        let letters = server.letters();
        assert_eq!(letters.len(), 1, "{letters:#?}");
        assert_eq!(letters[0].to, ["commercial@afpi.test"]);
        assert!(letters[0].text.contains("(heure de Paris)") && !letters[0].text.contains(NEW));
        // An administrator sets it, or a link of a letter does. The first password of an invitation is not told.
        let admin = w.as_role(Role::Admin).await;
        let user = format!("/api/users/{}", w.person(Role::Commercial));
        let version = admin.get(&user).await.expect(200)["version"].clone();
        admin.patch(&user, &version, json!({"password": "huit lampes rouges"})).await.expect(200);
        w.work().await;
        assert_eq!(subjects(&server).len(), 1);
        let token = asked(&w, &server, "commercial@afpi.test").await;
        choose(&w.nobody(), &token, NEW).await.expect(204);
        w.work().await;
        assert_eq!(subjects(&server).len(), 1);
        admin.post("/api/users", person(&w, "marie@exemple.fr")).await.expect(201);
        w.work().await;
        let invitation = secret(&server.letters()[0]);
        choose(&w.nobody(), &invitation, NEW).await.expect(204);
        w.work().await;
        assert!(server.letters().is_empty());
    })
    .await;
}
