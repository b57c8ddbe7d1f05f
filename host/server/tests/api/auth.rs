//! Signing in and out: what the answers reveal, what a copied cookie or token allows, and how failed attempts are
//! throttled.

use crate::support;
use crate::support::{Client, HOME, PASSWORD, Reply, World, on_both};
use afpi_core::clock::Instant;
use afpi_core::keys::Secrets;
use afpi_core::rights::Role;
use afpi_db::sql;
use afpi_platform::auth::throttle::{self, Tried};
use serde_json::{Value, json};

fn credentials(role: Role) -> Value {
    json!({"email": format!("{}@afpi.test", role.id()), "password": PASSWORD})
}

/// The cookie as the browser sends it back: `__Host-afpi_refresh=<token>`.
fn cookie(reply: &Reply) -> String {
    let set = reply.headers["set-cookie"].to_str().expect("text");
    set.split(';').next().expect("a first part").to_owned()
}

async fn refresh(client: &Client, cookie: &str) -> Reply {
    client.send("POST", "/api/auth/refresh", None, &[("cookie", cookie.to_owned())]).await
}

#[tokio::test]
async fn a_session_under_either_path() {
    on_both(|w| async move {
        for base in ["/auth", "/api/auth"] {
            let signed_in = w.nobody().post(&format!("{base}/login"), credentials(Role::Commercial)).await;
            let set = signed_in.headers["set-cookie"].to_str().unwrap().to_owned();
            assert!(set.starts_with("__Host-afpi_refresh="), "{set}");
            for attribute in ["HttpOnly", "SameSite=Strict", "Secure", "Path=/", "Max-Age=3600"] {
                assert!(set.split("; ").any(|part| part == attribute), "{attribute} is missing in {set}");
            }
            assert_eq!(signed_in.headers["cache-control"], "no-store");
            let first = cookie(&signed_in);
            let session = signed_in.expect(200);
            assert_eq!(
                (session["expiresIn"].as_i64(), session["user"]["email"].as_str()),
                (Some(600), Some("commercial@afpi.test"))
            );
            assert!(
                !session.to_string().contains(first.split('=').nth(1).unwrap()),
                "the refresh token is for the cookie only"
            );

            let me = w.nobody().with_token(session["token"].as_str().unwrap());
            assert_eq!(me.get(&format!("{base}/me")).await.expect(200), session["user"]);
            let renewed = me.send("POST", &format!("{base}/refresh"), None, &[("cookie", first.clone())]).await;
            assert_ne!(cookie(&renewed), first, "a refresh token is used only once");
            let second = cookie(&renewed);
            renewed.expect(200);

            let out = me.send("POST", &format!("{base}/logout"), None, &[("cookie", second.clone())]).await;
            assert!(out.headers["set-cookie"].to_str().unwrap().contains("Max-Age=0"));
            assert_eq!(out.status, 204);
            me.get(&format!("{base}/me")).await.refused(401, "unauthenticated");
            refresh(&w.nobody(), &second).await.refused(401, "unauthenticated");
        }
    })
    .await;
}

/// The client is like a browser without a valid access token: it sends the cookie and nothing else.
#[tokio::test]
async fn signing_out_needs_the_cookie_only() {
    on_both(|w| async move {
        let signed_in = w.nobody().post("/api/auth/login", credentials(Role::Commercial)).await;
        let held = cookie(&signed_in);
        let token = signed_in.expect(200)["token"].as_str().unwrap().to_owned();
        for _ in 0..2 {
            let out = w.nobody().send("POST", "/api/auth/logout", None, &[("cookie", held.clone())]).await;
            assert!(out.headers["set-cookie"].to_str().unwrap().contains("Max-Age=0"));
            assert_eq!(out.status, 204);
        }
        refresh(&w.nobody(), &held).await.refused(401, "unauthenticated");
        w.nobody().with_token(&token).get("/api/auth/me").await.refused(401, "unauthenticated");
        // Signing out with an invented cookie does not end another person's session.
        let other = w.nobody().post("/api/auth/login", credentials(Role::Manager)).await;
        let kept = cookie(&other);
        other.expect(200);
        w.nobody()
            .send("POST", "/api/auth/logout", None, &[("cookie", "__Host-afpi_refresh=invented".into())])
            .await
            .expect(204);
        refresh(&w.nobody(), &kept).await.expect(200);
    })
    .await;
}

#[tokio::test]
async fn the_cookie_is_for_the_products_own_pages() {
    on_both(|w| async move {
        let nobody = w.nobody();
        let held = cookie(&nobody.post("/api/auth/login", credentials(Role::Commercial)).await);
        let from = async |verb: &str, header: &str, value: &str| {
            let headers = [("cookie", held.clone()), (header, value.to_owned())];
            nobody.send("POST", &format!("/api/auth/{verb}"), None, &headers).await
        };
        from("refresh", "origin", "https://evil.test").await.refused(403, "cross-origin");
        from("logout", "sec-fetch-site", "cross-site").await.refused(403, "cross-origin");
        from("refresh", "sec-fetch-site", "same-site").await.refused(403, "cross-origin");
        from("refresh", "sec-fetch-site", "same-origin").await.expect(200);
        from("refresh", "origin", "https://crm.test").await.expect(200);
        nobody.send("POST", "/auth/refresh", None, &[("origin", "null".into())]).await.refused(403, "cross-origin");
    })
    .await;
}

#[tokio::test]
async fn every_answer_tells_the_browser_what_it_may_do() {
    on_both(|w| async move {
        let nobody = w.nobody();
        for path in ["/", "/api/opportunites", "/healthz", "/api/docs/"] {
            let headers = nobody.get(path).await.headers;
            for (name, part) in [
                ("permissions-policy", "camera=()"),
                ("cross-origin-opener-policy", "same-origin"),
                ("cross-origin-embedder-policy", "require-corp"),
                ("cross-origin-resource-policy", "same-origin"),
                ("strict-transport-security", "max-age"),
            ] {
                assert!(headers[name].to_str().unwrap().contains(part), "{path} {name}");
            }
        }
        // The API page runs only its own scripts. The server shows it only if the settings ask for it.
        let page = nobody.raw("GET", "/api/docs/", None, &[]).await;
        assert_eq!(page.status(), 200);
        assert!(page.headers()["content-security-policy"].to_str().unwrap().contains("script-src 'self'"));
        let html = axum::body::to_bytes(page.into_body(), usize::MAX).await.unwrap();
        let html = String::from_utf8(html.to_vec()).unwrap();
        assert!(html.split("<script").skip(1).all(|script| script.contains("src=")), "{html}");
        support::production(&w).await.get("/api/docs/").await.refused(404, "not-found");
    })
    .await;
}

#[tokio::test]
async fn one_person_reads_so_much_at_a_time() {
    on_both(|w| async move {
        let (admin, manager) = (w.as_role(Role::Admin).await, w.as_role(Role::Manager).await);
        // The test does not read these four answers, so they keep their places.
        let mut files = Vec::new();
        for _ in 0..4 {
            files.push(admin.raw("GET", "/api/entreprises/export", None, &[]).await);
        }
        assert!(files.iter().all(|file| file.status() == 200));
        for path in ["/api/entreprises/export", "/api/dashboard", "/api/entreprises?q=soudage"] {
            let reply = admin.get(path).await;
            assert!(reply.headers.contains_key("retry-after"), "{path}");
            reply.refused(429, "too-many-requests");
        }
        admin.get("/api/entreprises").await.expect(200);
        manager.get("/api/entreprises?q=soudage").await.expect(200);
        files.clear();
        admin.get("/api/dashboard").await.expect(200);
    })
    .await;
}

#[tokio::test]
async fn a_refusal_does_not_say_whether_the_account_exists() {
    on_both(|w| async move {
        let retired = w.another(Role::Commercial, "retraitee", &[HOME]).await;
        let admin = w.as_role(Role::Admin).await;
        admin.patch(&format!("/api/users/{retired}"), &json!(1), json!({"active": false})).await.expect(200);
        let mut answers = Vec::new();
        for (email, password) in [
            ("commercial@afpi.test", "pas le bon mot"),
            ("personne@afpi.test", PASSWORD),
            ("retraitee@afpi.test", PASSWORD),
            // For unknown accounts, the server compares with a hash of this password. The password must not open any
            // account.
            ("personne@afpi.test", "no password is this one"),
        ] {
            let reply = w.nobody().post("/api/auth/login", json!({"email": email, "password": password})).await;
            assert!(!reply.headers.contains_key("set-cookie"));
            let mut problem = reply.refused(401, "bad-credentials");
            problem.as_object_mut().unwrap().remove("correlationId").expect("a correlation id");
            answers.push(problem);
        }
        assert!(answers.windows(2).all(|pair| pair[0] == pair[1]), "{answers:#?}");
    })
    .await;
}

#[tokio::test]
async fn a_replayed_refresh_token_ends_its_family_and_no_other() {
    on_both(|w| async move {
        let other = w.nobody().post("/api/auth/login", credentials(Role::Commercial)).await;
        let stolen = w.nobody().post("/api/auth/login", credentials(Role::Commercial)).await;
        let first = cookie(&stolen);
        let renewed = refresh(&w.nobody(), &first).await;
        let second = cookie(&renewed);
        let mine = w.nobody().with_token(renewed.expect(200)["token"].as_str().unwrap());
        mine.get("/api/auth/me").await.expect(200);
        long_ago(&w).await;

        let replayed = refresh(&w.nobody(), &first).await;
        assert!(replayed.headers["set-cookie"].to_str().unwrap().contains("Max-Age=0"));
        replayed.refused(401, "unauthenticated");
        mine.get("/api/auth/me").await.refused(401, "unauthenticated");
        refresh(&w.nobody(), &second).await.refused(401, "unauthenticated");
        refresh(&w.nobody(), &cookie(&other)).await.expect(200);
    })
    .await;
}

/// One secret takes over from another, node after node. Whatever two nodes stand beside each other, each accepts the
/// tokens of the other, and a cookie that two tabs use at once gives both the same next one.
#[tokio::test]
async fn a_secret_is_exchanged_without_signing_anybody_out() {
    const OLD: &str = "q8Zr2mVx0LwT7bYc5NfJ1kHs9PdG4aEu";
    const NEW: &str = "Yw3nB6tKe8LqR1vZs0XcJ5hUa2GfD7mP";
    on_both(|w| async move {
        let steps: [Secrets; 4] = [
            OLD.into(),
            Secrets::from(OLD).accepting(NEW.to_owned()),
            Secrets::from(NEW).accepting(OLD.to_owned()),
            NEW.into(),
        ];
        let mut nodes = Vec::new();
        for step in steps {
            nodes.push(w.with_secrets(step).await);
        }
        let signed_in = nodes[0].nobody().post("/api/auth/login", credentials(Role::Commercial)).await;
        let mut held = cookie(&signed_in);
        signed_in.expect(200);
        for pair in nodes.windows(2) {
            for (one, other) in [(&pair[0], &pair[1]), (&pair[1], &pair[0])] {
                let renewed = refresh(&one.nobody(), &held).await;
                // The answer was lost, or another tab asks as well.
                let again = refresh(&other.nobody(), &held).await;
                assert_eq!(cookie(&renewed), cookie(&again));
                held = cookie(&renewed);
                let token = renewed.expect(200)["token"].as_str().unwrap().to_owned();
                other.nobody().with_token(&token).get("/api/auth/me").await.expect(200);
            }
        }
        let last = refresh(&nodes[3].nobody(), &held).await.expect(200)["token"].as_str().unwrap().to_owned();
        nodes[0].nobody().with_token(&last).get("/api/auth/me").await.refused(401, "unauthenticated");
    })
    .await;
}

/// Makes every used token look as if it was used a minute earlier.
async fn long_ago(w: &World) {
    let mut tx = w.app.db.begin().await.unwrap();
    sql("UPDATE refresh_tokens SET used_at = used_at - 60000 WHERE used_at IS NOT NULL")
        .execute(&mut tx)
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

/// Three tabs refresh at once, or an answer is lost: nobody is signed out, and afterwards all have the same token.
#[tokio::test]
async fn a_token_just_used_gives_the_same_successor_again() {
    on_both(|w| async move {
        let nobody = w.nobody();
        let first = cookie(&nobody.post("/api/auth/login", credentials(Role::Manager)).await);
        let (a, b, c) = tokio::join!(refresh(&nobody, &first), refresh(&nobody, &first), refresh(&nobody, &first));
        let second = cookie(&a);
        for reply in [a, b, c] {
            assert_eq!(cookie(&reply), second);
            let session = reply.expect(200);
            nobody.with_token(session["token"].as_str().unwrap()).get("/api/auth/me").await.expect(200);
        }
        assert_ne!(second, first);
        // A late tab gets the token that is valid now, not one that was used in between.
        let third = cookie(&refresh(&nobody, &second).await);
        assert_eq!(cookie(&refresh(&nobody, &first).await), third);
        assert_eq!(cookie(&refresh(&nobody, &second).await), third);
        // The database does not contain the tokens themselves.
        let mut conn = w.app.db.read().await.unwrap();
        let hashes: Vec<(Vec<u8>,)> = sql("SELECT hash FROM refresh_tokens").all(&mut conn).await.unwrap();
        assert!(hashes.iter().all(|(hash,)| hash.len() == 32 && !third.as_bytes().ends_with(hash)));
        drop(conn);
        // After the grace period, a used token counts as a replay, whoever sends it.
        long_ago(&w).await;
        refresh(&nobody, &first).await.refused(401, "unauthenticated");
        refresh(&nobody, &third).await.refused(401, "unauthenticated");
        // A person who signed out does not get a new session within the grace period.
        let out = cookie(&nobody.post("/api/auth/login", credentials(Role::Manager)).await);
        let next = cookie(&refresh(&nobody, &out).await);
        nobody.send("POST", "/api/auth/logout", None, &[("cookie", next)]).await.expect(204);
        refresh(&nobody, &out).await.refused(401, "unauthenticated");
    })
    .await;
}

#[tokio::test]
async fn taking_rights_away_stops_cookie_and_token_at_once() {
    on_both(|w| async move {
        let admin = w.as_role(Role::Admin).await;
        for (name, change) in [("partie", json!({"active": false})), ("retrogradee", json!({"roleId": "assistante"}))] {
            let id = w.another(Role::Manager, name, &[HOME]).await;
            let signed_in = w
                .nobody()
                .post("/api/auth/login", json!({"email": format!("{name}@afpi.test"), "password": PASSWORD}))
                .await;
            let kept = cookie(&signed_in);
            let session = w.nobody().with_token(signed_in.expect(200)["token"].as_str().unwrap());
            session.get("/api/users").await.expect(200);
            admin.patch(&format!("/api/users/{id}"), &json!(1), change).await.expect(200);
            session.get("/api/users").await.refused(401, "unauthenticated");
            refresh(&w.nobody(), &kept).await.refused(401, "unauthenticated");
        }
    })
    .await;
}

#[tokio::test]
async fn what_is_no_token_opens_nothing() {
    on_both(|w| async move {
        let session = w.nobody().post("/api/auth/login", credentials(Role::Admin)).await.expect(200);
        let token = session["token"].as_str().unwrap();
        let (head, signature) = token.rsplit_once('.').unwrap();
        let flipped = if signature.starts_with('A') { 'B' } else { 'A' };
        // Header {"alg":"none"}: a token that claims to need no signature.
        let unsigned = format!("eyJhbGciOiJub25lIn0.{}.", token.split('.').nth(1).unwrap());
        for bad in [
            String::new(),
            "x".into(),
            head.into(),
            format!("{head}.{flipped}{}", &signature[1..]),
            unsigned,
            "a".repeat(8000),
        ] {
            w.nobody().with_token(&bad).get("/api/auth/me").await.refused(401, "unauthenticated");
        }
        w.nobody()
            .send("GET", "/api/auth/me", None, &[("authorization", format!("Basic {token}"))])
            .await
            .refused(401, "unauthenticated");
        for bad in ["__Host-afpi_refresh=", "__Host-afpi_refresh=x", "other=1"] {
            refresh(&w.nobody(), bad).await.refused(401, "unauthenticated");
        }
        let nobody = w.nobody();
        nobody.post("/api/auth/login", json!({"email": "a@b.fr"})).await.refused(422, "validation");
        nobody.post("/api/auth/login", json!({"email": "a@b.fr", "password": 7})).await.refused(422, "wrong-type");
        nobody
            .post("/api/auth/login", json!({"email": "a@b.fr", "password": "x", "admin": true}))
            .await
            .refused(422, "unknown-field");
        nobody
            .post("/api/auth/login", json!({"email": "a@b.fr", "password": "x".repeat(300)}))
            .await
            .refused(422, "validation");
        nobody.text("POST", "/api/auth/login", "{").await.refused(400, "malformed-json");
    })
    .await;
}

#[tokio::test]
async fn a_guesser_is_slowed_down_and_locks_nobody_else_out() {
    on_both(|w| async move {
        let guesser = w.nobody().at([203, 0, 113, 9]);
        let wrong = json!({"email": "Commercial@afpi.test ", "password": "pas le bon mot"});
        for _ in 0..5 {
            guesser.post("/api/auth/login", wrong.clone()).await.refused(401, "bad-credentials");
        }
        let blocked = guesser.post("/api/auth/login", credentials(Role::Commercial)).await;
        let wait: u64 = blocked.headers["retry-after"].to_str().unwrap().parse().unwrap();
        assert!((1..=30).contains(&wait), "{wait}");
        blocked.refused(429, "too-many-requests");
        // The owner signs in from another address, and other accounts sign in from this address, as usual.
        w.nobody().at([203, 0, 113, 10]).post("/api/auth/login", credentials(Role::Commercial)).await.expect(200);
        guesser.post("/api/auth/login", credentials(Role::Manager)).await.expect(200);
        // The owner's success elsewhere does not unblock the guesser.
        guesser.post("/api/auth/login", wrong).await.refused(429, "too-many-requests");

        // After failures for many accounts, an address is blocked for every account.
        let now = Instant::now();
        let mut tx = w.app.db.begin().await.unwrap();
        for i in 0..50 {
            throttle::failed(&mut tx, Tried::Password(&format!("compte{i}@afpi.test")), [198, 51, 100, 7].into(), now)
                .await
                .unwrap();
        }
        tx.commit().await.unwrap();
        w.nobody()
            .at([198, 51, 100, 7])
            .post("/api/auth/login", credentials(Role::Manager))
            .await
            .refused(429, "too-many-requests");
        w.nobody().at([198, 51, 100, 8]).post("/api/auth/login", credentials(Role::Manager)).await.expect(200);
    })
    .await;
}

#[tokio::test]
async fn guesses_at_the_same_time_are_all_counted() {
    on_both(|w: World| async move {
        let guesser = w.nobody().at([192, 0, 2, 44]);
        let guess = |n: u32| {
            let guesser = guesser.clone();
            async move {
                guesser
                    .post("/api/auth/login", json!({"email": "admin@afpi.test", "password": format!("essai {n}")}))
                    .await
                    .status
            }
        };
        let mut guesses = tokio::task::JoinSet::new();
        (0..40).for_each(|n| drop(guesses.spawn(guess(n))));
        let outcomes = guesses.join_all().await;
        assert!(outcomes.iter().all(|status| matches!(status, 401 | 429)), "{outcomes:?}");
        let judged = outcomes.iter().filter(|status| **status == 401).count() as i64;
        let counted: i64 =
            sql("SELECT MAX(failures) FROM login_failures").scalar(&mut w.app.db.read().await.unwrap()).await.unwrap();
        assert_eq!(counted, judged);
        // Two attempts run at once, so one more than five may be judged. The waiting attempts may not.
        assert!(judged <= 6, "{judged}");
        guesser.post("/api/auth/login", credentials(Role::Admin)).await.refused(429, "too-many-requests");
    })
    .await;
}

/// 40 addresses send 200 wrong passwords. The next person waits for one attempt of each address, not for all attempts.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_storm_of_guesses_does_not_keep_a_person_waiting() {
    on_both(|w| async move {
        let mut guesses = tokio::task::JoinSet::new();
        for n in 0..200u8 {
            let guesser = w.nobody().at([198, 18, 0, n % 40]);
            let wrong = json!({"email": format!("compte{}@afpi.test", n % 40), "password": format!("essai {n}")});
            guesses.spawn(async move { (guesser.post("/api/auth/login", wrong).await, std::time::Instant::now()) });
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        let person = w.nobody().at([198, 18, 1, 1]).post("/api/auth/login", credentials(Role::Commercial)).await;
        let served = std::time::Instant::now();
        person.expect(200);
        let answers = guesses.join_all().await;
        assert!(answers.iter().all(|(reply, _)| matches!(reply.status, 401 | 429 | 503)));
        let pushed_out: Vec<_> = answers.iter().filter(|(reply, _)| reply.status == 503).collect();
        assert!(pushed_out.len() > 50, "{}: too few attempts had to leave the queue", pushed_out.len());
        for (reply, _) in pushed_out {
            assert!(reply.headers.contains_key("retry-after"), "{:#}", reply.body);
            assert_eq!(reply.body["component"], "sign-in");
        }
        let judged_before = answers.iter().filter(|(reply, at)| reply.status == 401 && *at < served).count();
        assert!(judged_before <= 60, "{judged_before} guesses were judged before the person");
    })
    .await;
}

#[tokio::test]
async fn who_changes_the_password_cannot_guess_the_present_one_for_ever() {
    on_both(|w| async move {
        let (here, there) = (
            w.as_role(Role::Commercial).await.at([192, 0, 2, 51]),
            w.as_role(Role::Commercial).await.at([192, 0, 2, 52]),
        );
        let change = |current: &str| json!({"current": current, "new": "sept lampes bleues"});
        for _ in 0..5 {
            here.post("/api/auth/password", change("pas le bon")).await.refused(422, "validation");
        }
        let blocked = here.post("/api/auth/password", change(PASSWORD)).await;
        assert!(blocked.headers.contains_key("retry-after"));
        blocked.refused(429, "too-many-requests");
        // A sign-in from that address counts as the same kind of guess. The owner at another address is not delayed.
        w.nobody()
            .at([192, 0, 2, 51])
            .post("/api/auth/login", credentials(Role::Commercial))
            .await
            .refused(429, "too-many-requests");
        there.post("/api/auth/password", change(PASSWORD)).await.expect(204);
    })
    .await;
}

#[tokio::test]
async fn a_new_password_ends_the_other_sessions() {
    on_both(|w| async move {
        let (here, there) = (w.as_role(Role::Commercial).await, w.as_role(Role::Commercial).await);
        let change = |current: &str, new: &str| json!({"current": current, "new": new});
        let refused = here
            .post("/api/auth/password", change("pas le bon", "sept lampes bleues"))
            .await
            .refused(422, "validation");
        assert_eq!(refused["fields"][0]["field"], "/current");
        here.post("/api/auth/password", change(PASSWORD, "court")).await.refused(422, "validation");
        there.get("/api/auth/me").await.expect(200);
        assert_eq!(here.post("/api/auth/password", change(PASSWORD, "sept lampes bleues")).await.status, 204);
        here.get("/api/auth/me").await.expect(200);
        there.get("/api/auth/me").await.refused(401, "unauthenticated");
        w.nobody().post("/api/auth/login", credentials(Role::Commercial)).await.refused(401, "bad-credentials");
    })
    .await;
}
