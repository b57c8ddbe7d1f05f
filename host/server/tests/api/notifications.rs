//! A move notifies the people concerned: rows, live stream, mail and preferences.

use crate::support;
use std::time::Duration;

use crate::support::{AWAY, Client, HOME, World, on_both};
use afpi_core::clock::{Day, Instant};
use afpi_core::rights::Role;
use afpi_crm::notifications::digest;
use afpi_crm::notifications::mail::MailHandler;
use afpi_jobs::JobError;
use afpi_platform::events::{self, Event, Record};
use axum::body::BodyDataStream;
use futures::StreamExt;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};

/// A commercial submits his opportunité. The managers and responsables of the site are then asked to validate it.
async fn submitted(w: &World) -> Value {
    let opportunite = support::opportunite(w, "Soudage").await;
    let commercial = w.as_role(Role::Commercial).await;
    let path = format!("/api/opportunites/{}", opportunite["id"].as_str().unwrap());
    let document = json!({
        "contacts": [{"nom": "Camille Moreau", "decideur": true, "telephone": "03 20 00 00 00"}], "objectifs": "Souder en sécurité.",
        "participants": 6, "debutSouhaite": "2027-03-01", "finSouhaitee": "2027-03-05", "modalite": "entreprise", "prerequis": "Aucun."
    });
    let edited =
        commercial.put_at(&format!("{path}/sections/collecte"), &opportunite["version"], document).await.expect(200);
    commercial
        .post_at(&format!("{path}/transitions/soumettre"), &edited["opportunite"]["version"], json!({}))
        .await
        .expect(200)["opportunite"]
        .clone()
}

async fn unread(client: &Client) -> i64 {
    client.get("/api/notifications/unread-count").await.expect(200)["unread"].as_i64().unwrap()
}

#[tokio::test]
async fn a_move_tells_those_whose_turn_it_is_and_nobody_else() {
    on_both(|w| async move {
        let elsewhere = w.as_user(w.another(Role::Manager, "loin", &[AWAY]).await).await;
        let opportunite = submitted(&w).await;
        w.work().await;
        let manager = w.as_role(Role::Manager).await;
        let list = manager.get("/api/notifications").await.expect(200);
        assert_eq!((unread(&manager).await, &list["meta"]["total"]), (1, &json!(1)), "{list:#}");
        let told = &list["data"][0];
        let link = format!("/opportunites/{}", opportunite["id"].as_str().unwrap());
        assert_eq!(
            (told["kind"].as_str(), told["link"].as_str(), &told["readAt"]),
            (Some("a-traiter"), Some(link.as_str()), &Value::Null)
        );
        assert!(told["title"]["fr"].as_str().unwrap().contains(opportunite["numero"].as_str().unwrap()));

        assert_eq!(unread(&w.as_role(Role::ResponsableCommercial).await).await, 1);
        for role in [Role::Commercial, Role::Assistante, Role::Planificateur, Role::Facturation] {
            assert_eq!(unread(&w.as_role(role).await).await, 0, "{role:?}");
        }
        assert_eq!(unread(&elsewhere).await, 0, "another site's manager does not see it");

        // Another person's notification answers 404. Marking one's own notification as read twice keeps the first time.
        let path = format!("/api/notifications/{}/read", told["id"].as_str().unwrap());
        elsewhere.post(&path, json!({})).await.refused(404, "not-found");
        manager.post(&path, json!({})).await.expect(204);
        let read = manager.get("/api/notifications?unread=false").await.expect(200)["data"][0]["readAt"].clone();
        manager.post(&path, json!({})).await.expect(204);
        assert_eq!(manager.get("/api/notifications").await.expect(200)["data"][0]["readAt"], read);
        assert_eq!(
            (
                unread(&manager).await,
                manager.get("/api/notifications?unread=true").await.expect(200)["meta"]["total"].as_i64()
            ),
            (0, Some(0))
        );
    })
    .await;
}

/// Emits the event and runs all jobs that follow from it. None may fail.
async fn happens(w: &World, event: &Event) {
    let mut tx = w.app.db.begin().await.unwrap();
    events::emit(&mut tx, event, "test").await.unwrap();
    tx.commit().await.unwrap();
    w.work().await;
    let jobs = w.as_role(Role::Admin).await.get("/api/jobs").await.expect(200);
    assert!(jobs["data"].as_array().unwrap().iter().all(|job| job["state"] == "completed"), "{jobs:#}");
}

#[tokio::test]
async fn an_event_heard_twice_tells_once() {
    on_both(|w| async move {
        let opportunite = support::opportunite(&w, "Soudage").await;
        let event = Event {
            name: "opportunite.assigned".into(),
            at: Instant::from_millis(1_800_000_000_000),
            site_id: w.site(HOME).into(),
            actor_id: Some(w.person(Role::Manager).into()),
            about: Some(Record::Opportunite(opportunite["id"].as_str().unwrap().parse().unwrap())),
            data: json!({}),
            depth: 0,
        };
        for _ in 0..2 {
            happens(&w, &event).await;
        }
        let commercial = w.as_role(Role::Commercial).await;
        assert_eq!(unread(&commercial).await, 1);
        // The actor never gets a notification.
        let own = Event {
            at: Instant::from_millis(1_800_000_000_001),
            actor_id: Some(w.person(Role::Commercial).into()),
            ..event.clone()
        };
        happens(&w, &own).await;
        assert_eq!(unread(&commercial).await, 1);
        // An event about a deleted record notifies nobody.
        let gone = Event { about: Some(Record::Opportunite(uuid::Uuid::now_v7().into())), ..event };
        happens(&w, &gone).await;
    })
    .await;
}

#[tokio::test]
async fn what_concerns_the_network_reaches_its_administrators() {
    on_both(|w| async move {
        let event = Event {
            name: "connecteur.run".into(),
            at: Instant::from_millis(1_800_000_000_000),
            site_id: uuid::Uuid::nil().into(),
            actor_id: None,
            about: None,
            data: json!({"id": "r1", "plugin": "ypareo", "state": "failed", "error": {"fr": "Serveur absent", "en": "Server away"}}),
            depth: 0,
        };
        happens(&w, &event).await;
        assert_eq!(unread(&w.as_role(Role::Admin).await).await, 1);
        assert_eq!(unread(&w.as_role(Role::Manager).await).await, 0);
    })
    .await;
}

#[tokio::test]
async fn preferences_decide_how_people_hear() {
    on_both(|w| async move {
        let manager = w.as_role(Role::Manager).await;
        let mut wanted = manager.get("/api/notifications/preferences").await.expect(200);
        let kinds: Vec<_> = wanted["data"].as_array().unwrap().iter().map(|p| p["kind"].as_str().unwrap().to_owned()).collect();
        let turn = kinds.iter().position(|k| k == "a-traiter").expect("the plugin declares it");
        assert_eq!(wanted["data"][turn]["channels"], json!({"app": true, "email": true}));
        wanted["data"][turn]["channels"] = json!({"app": false, "email": true});
        assert_eq!(manager.put("/api/notifications/preferences", wanted.clone()).await.expect(200), wanted);

        submitted(&w).await;
        w.work().await;
        assert_eq!(manager.get("/api/notifications").await.expect(200)["meta"]["total"], 0, "the channel of the app is off");
        let letters = letters(&w);
        let to = |address: &str| letters.iter().filter(|l| l.contains(&format!("<{address}>"))).count();
        assert_eq!((to("manager@afpi.test"), to("responsable_commercial@afpi.test"), to("commercial@afpi.test")), (1, 1, 0), "{letters:#?}");

        let unknown = json!({"data": [{"kind": "x", "label": {"fr": "", "en": ""}, "channels": {"app": true, "email": true}}]});
        assert_eq!(manager.put("/api/notifications/preferences", unknown).await.refused(422, "validation")["fields"][0]["field"], "/data/0/kind");
        // A kind that is missing in the request gets its default again.
        let back = manager.put("/api/notifications/preferences", json!({"data": []})).await.expect(200);
        assert_eq!(back["data"][turn]["channels"], json!({"app": true, "email": true}));
        for path in ["/api/notifications", "/api/notifications/unread-count", "/api/notifications/preferences", "/api/notifications/stream"] {
            w.nobody().get(path).await.refused(401, "unauthenticated");
        }
    })
    .await;
}

#[tokio::test]
async fn mails_wait_for_the_end_of_quiet_hours() {
    on_both(|w| async move {
        let manager = w.as_role(Role::Manager).await;
        let quiet = "/api/notifications/quiet";
        assert_eq!(manager.get(quiet).await.expect(200), json!({"quiet": null}));
        // From this hour on, whatever the hour of the test.
        let hour = Instant::now().hour();
        let chosen = json!({"quiet": {"from": hour, "to": (hour + 3) % 24, "weekends": false}});
        assert_eq!(manager.put(quiet, chosen.clone()).await.expect(200), chosen);
        assert_eq!(manager.get(quiet).await.expect(200), chosen);
        letters(&w);
        submitted(&w).await;
        w.work().await;
        // The message in the application does not wait, and the mail is a job with a time.
        assert_eq!(manager.get("/api/notifications").await.expect(200)["meta"]["total"], 1);
        let to_manager = |letters: Vec<String>| letters.iter().filter(|l| l.contains("<manager@afpi.test>")).count();
        let sent = letters(&w);
        assert!(sent.iter().any(|letter| letter.contains("<responsable_commercial@afpi.test>")));
        assert_eq!(to_manager(sent), 0);
        let jobs = w.as_role(Role::Admin).await.get("/api/jobs?queue=mail&state=delayed").await.expect(200);
        assert_eq!(jobs["data"].as_array().unwrap().len(), 1, "{jobs:#}");

        assert_eq!(manager.put(quiet, json!({"quiet": null})).await.expect(200), json!({"quiet": null}));
        submitted(&w).await;
        w.work().await;
        assert_eq!(to_manager(letters(&w)), 1);
        for wrong in [json!({"from": 24, "to": 7, "weekends": true}), json!({"from": -1, "to": 7, "weekends": true})] {
            let status = manager.put(quiet, json!({"quiet": wrong})).await.status;
            assert!(matches!(status, 400 | 422), "{wrong} {status}");
        }
        w.nobody().get(quiet).await.refused(401, "unauthenticated");
    })
    .await;
}

#[tokio::test]
async fn a_digest_says_once_what_happened_and_what_waits() {
    on_both(|w| async move {
        let manager = w.as_role(Role::Manager).await;
        let (path, day) = ("/api/notifications/digest", std::time::Duration::from_secs(24 * 3600));
        assert_eq!(manager.get(path).await.expect(200), json!({"digest": null}));
        let chosen = json!({"digest": {"weekday": null, "hour": 0}});
        assert_eq!(manager.put(path, chosen.clone()).await.expect(200), chosen);
        assert_eq!(manager.get(path).await.expect(200), chosen);
        // For her there is nothing to say.
        w.as_role(Role::Facturation).await.put(path, chosen.clone()).await.expect(200);
        let task = json!({"title": "Rappeler Léa", "dueOn": Day::today()});
        manager.post("/api/taches", task).await.expect(201);
        letters(&w);
        submitted(&w).await;
        w.work().await;
        let to = |letters: &[String], who: &str| {
            letters.iter().filter(|l| l.contains(&format!("<{who}@afpi.test>"))).cloned().collect::<Vec<_>>()
        };
        assert_eq!(
            manager.get("/api/notifications").await.expect(200)["meta"]["total"],
            1,
            "the application tells at once"
        );
        assert_eq!(to(&letters(&w), "manager"), [] as [String; 0]);

        // Not before its hour, and then once, however many processes look.
        let now = Instant::now();
        digest::send_due(&w.app, now).await.unwrap();
        w.work().await;
        assert_eq!(to(&letters(&w), "manager"), [] as [String; 0]);
        let (one, other) = tokio::join!(digest::send_due(&w.app, now + day), digest::send_due(&w.app, now + day));
        one.and(other).unwrap();
        w.work().await;
        let sent = letters(&w);
        let mine = to(&sent, "manager");
        assert_eq!((mine.len(), to(&sent, "facturation").len()), (1, 0), "{sent:#?}");
        for part in ["/opportunites/", "Rappeler L", "VOUS DE JOUER", "Message-ID: <digest-"] {
            assert!(mine[0].contains(part), "{part}: {}", mine[0]);
        }
        digest::send_due(&w.app, now + day).await.unwrap();
        w.work().await;
        assert_eq!(to(&letters(&w), "manager"), [] as [String; 0]);

        // What is wanted at once comes at once.
        let mut wanted = manager.get("/api/notifications/preferences").await.expect(200);
        let kinds = wanted["data"].as_array_mut().unwrap();
        let turn = kinds.iter_mut().find(|kind| kind["kind"] == "a-traiter").unwrap();
        turn["channels"]["atOnce"] = json!(true);
        assert_eq!(manager.put("/api/notifications/preferences", wanted.clone()).await.expect(200), wanted);
        submitted(&w).await;
        w.work().await;
        assert_eq!(to(&letters(&w), "manager").len(), 1);

        // Who does not want it any more gets what still waits.
        manager.put("/api/notifications/preferences", json!({"data": []})).await.expect(200);
        submitted(&w).await;
        w.work().await;
        assert_eq!(to(&letters(&w), "manager"), [] as [String; 0]);
        manager.put(path, json!({"digest": null})).await.expect(200);
        w.work().await;
        assert_eq!(to(&letters(&w), "manager").len(), 1);
        for wrong in [json!({"weekday": 8, "hour": 7}), json!({"weekday": null, "hour": 24})] {
            let status = manager.put(path, json!({"digest": wrong})).await.status;
            assert!(matches!(status, 400 | 422), "{wrong} {status}");
        }
        w.nobody().get(path).await.refused(401, "unauthenticated");
    })
    .await;
}

/// The mails sent so far, decoded enough to search for addresses. Empties the folder.
fn letters(w: &World) -> Vec<String> {
    let folder = w.app.config.data_dir.join("mail");
    let files =
        std::fs::read_dir(folder).into_iter().flatten().filter_map(|entry| entry.ok()).map(|entry| entry.path());
    let letters = files.filter(|path| path.extension().is_some_and(|e| e == "eml")).map(|path| {
        let text = std::fs::read_to_string(&path).unwrap();
        std::fs::remove_file(&path).unwrap();
        text
    });
    letters.collect()
}

#[tokio::test]
async fn a_letter_speaks_its_readers_language_and_links_home() {
    on_both(|w| async move {
        letters(&w);
        let manager = w.as_role(Role::Manager).await;
        manager
            .patch(&format!("/api/users/{}", w.person(Role::Manager)), &json!(1), json!({"locale": "en"}))
            .await
            .expect(200);
        let opportunite = submitted(&w).await;
        w.work().await;
        let letters = letters(&w);
        let letter = letters.iter().find(|l| l.contains("<manager@afpi.test>")).unwrap();
        assert!(letter.contains(&format!("Your turn: {}", opportunite["numero"].as_str().unwrap())), "{letter}");
        assert!(
            letter.contains("https://crm.test/opportunites/") && letter.contains("From: \"AFPI CRM\" <crm@afpi.test>"),
            "{letter}"
        );
        // A person who was deactivated gets no mail.
        let first: String =
            manager.get("/api/notifications").await.expect(200)["data"][0]["id"].as_str().unwrap().into();
        let admin = w.as_role(Role::Admin).await;
        admin
            .patch(&format!("/api/users/{}", w.person(Role::Manager)), &json!(2), json!({"active": false}))
            .await
            .expect(200);
        let mailer = MailHandler::new(w.app.clone()).unwrap();
        mailer.deliver(first.parse().unwrap()).await.unwrap();
        assert!(self::letters(&w).is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_name_that_no_header_can_hold_costs_no_letter() {
    on_both(|w| async move {
        submitted(&w).await;
        w.work().await;
        let manager = w.as_role(Role::Manager).await;
        let told =
            manager.get("/api/notifications").await.expect(200)["data"][0]["id"].as_str().unwrap().parse().unwrap();
        let mailer = MailHandler::new(w.app.clone()).unwrap();
        // These names were stored before the rule for names existed.
        for (name, shown) in [
            ("Camille\r\nBcc: tous@exemple.fr", "Camille Bcc: tous@exemple.fr"),
            ("A\u{0}B \u{202e}C", "A B C"),
            ("\u{1b}[31mRouge \"x\" <y>", "[31mRouge"),
            ("\n", "Bonjour"),
        ] {
            letters(&w);
            let mut tx = w.app.db.begin().await.unwrap();
            let query =
                afpi_db::sql("UPDATE users SET name = ?, email = ? WHERE id = ?").bind(name).bind("manager@société.fr");
            query.bind(w.person(Role::Manager)).execute(&mut tx).await.unwrap();
            tx.commit().await.unwrap();
            mailer.deliver(told).await.unwrap();
            let written = letters(&w);
            let [letter] = written.as_slice() else { panic!("{name:?}: {written:?}") };
            let head = letter.split("\r\n\r\n").next().unwrap();
            assert!(head.contains("<manager@xn--socit-esab.fr>") && !head.contains("\nBcc"), "{letter}");
            assert!(letter.contains(shown), "{letter}");
        }
    })
    .await;
}

/// Starts a mail server that refuses every mail with this answer. Returns its `smtp://` address.
async fn refusing(answer: &'static str) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("smtp://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let mut stream = BufReader::new(stream);
            stream.write_all(b"220 mail.test\r\n").await.unwrap();
            let mut line = String::new();
            while stream.read_line(&mut line).await.is_ok_and(|read| read > 0) {
                let reply = if line.starts_with("RCPT") {
                    format!("{answer} <manager@afpi.test>\r\n")
                } else {
                    "250 mail.test\r\n".into()
                };
                stream.write_all(reply.as_bytes()).await.unwrap();
                line.clear();
            }
        }
    });
    address
}

#[tokio::test]
async fn a_letter_refused_for_good_is_not_sent_again_and_names_nobody() {
    for (answer, for_good) in [("550 5.1.1 unknown", true), ("450 4.2.1 later", false)] {
        let dir = tempfile::tempdir().unwrap();
        let address = refusing(answer).await;
        let w = World::with(dir.path(), afpi_db::testing::sqlite(&dir).await, |config| config.smtp_url = Some(address))
            .await;
        submitted(&w).await;
        w.work().await;
        let manager = w.as_role(Role::Manager).await;
        let notification =
            manager.get("/api/notifications").await.expect(200)["data"][0]["id"].as_str().unwrap().parse().unwrap();
        let refused = MailHandler::new(w.app.clone()).unwrap().deliver(notification).await.unwrap_err();
        assert_eq!(matches!(refused, JobError::Fail { .. }), for_good, "{refused:?}");
        let words = format!("{refused:?}");
        assert!(words.contains(&answer[..3]) && !words.contains("manager"), "{words}");
        w.app.stopping.cancel();
    }
}

/// Reads a stream until its next event of this type.
async fn next(body: &mut BodyDataStream, rest: &mut String, kind: &str) -> (Option<String>, Value) {
    loop {
        while let Some(end) = rest.find("\n\n") {
            let block: String = rest.drain(..end + 2).collect();
            let line = |name: &str| block.lines().find_map(|l| l.strip_prefix(name)).map(|v| v.trim().to_owned());
            if line("event:").as_deref() == Some(kind) {
                return (line("id:"), serde_json::from_str(&line("data:").unwrap()).unwrap());
            }
        }
        let chunk = tokio::time::timeout(Duration::from_secs(20), body.next())
            .await
            .expect("an event in time")
            .expect("the stream goes on")
            .unwrap();
        rest.push_str(std::str::from_utf8(&chunk).unwrap());
    }
}

async fn listen(client: &Client, last: Option<&str>) -> BodyDataStream {
    let headers: Vec<(&str, String)> = last.map(|id| ("last-event-id", id.to_owned())).into_iter().collect();
    let response = client.raw("GET", "/api/notifications/stream", None, &headers).await;
    assert_eq!(
        (response.status().as_u16(), response.headers()["content-type"].to_str().unwrap()),
        (200, "text/event-stream")
    );
    response.into_body().into_data_stream()
}

#[tokio::test]
async fn the_stream_brings_news_counts_and_what_was_missed() {
    on_both(|w| async move {
        let manager = w.as_role(Role::Manager).await;
        let (mut live, mut rest) = (listen(&manager, None).await, String::new());
        assert_eq!(next(&mut live, &mut rest, "unread").await.1, json!({"unread": 0}));
        submitted(&w).await;
        w.work().await;
        let (id, told) = next(&mut live, &mut rest, "notification").await;
        assert_eq!((id.as_deref(), told["kind"].as_str()), (told["id"].as_str(), Some("a-traiter")));
        assert_eq!(next(&mut live, &mut rest, "unread").await.1, json!({"unread": 1}));
        manager.post("/api/notifications/read-all", json!({})).await.expect(204);
        assert_eq!(next(&mut live, &mut rest, "unread").await.1, json!({"unread": 0}));

        // After an interruption, missed notifications come first, and no notification comes twice.
        drop(live);
        submitted(&w).await;
        w.work().await;
        let (mut again, mut rest) = (listen(&manager, id.as_deref()).await, String::new());
        let (second, _) = next(&mut again, &mut rest, "notification").await;
        assert!(second > id, "{second:?} after {id:?}");
        assert_eq!(next(&mut again, &mut rest, "unread").await.1, json!({"unread": 1}));
        assert!(!rest.contains("event: notification"), "{rest}");
    })
    .await;
}

/// The id that a stream starts with.
async fn position(body: &mut BodyDataStream) -> String {
    let chunk = tokio::time::timeout(Duration::from_secs(20), body.next()).await.expect("in time").unwrap().unwrap();
    let text = String::from_utf8(chunk.to_vec()).unwrap();
    text.lines().next().and_then(|line| line.strip_prefix("id: ")).unwrap_or_else(|| panic!("{text}")).to_owned()
}

#[tokio::test]
async fn a_stream_that_broke_before_its_first_event_resumes_from_where_it_began() {
    on_both(|w| async move {
        let manager = w.as_role(Role::Manager).await;
        // The first time there is no notification yet, the second time there is one.
        for before in [0, 1] {
            let began = position(&mut listen(&manager, None).await).await;
            submitted(&w).await;
            w.work().await;
            let (mut again, mut rest) = (listen(&manager, Some(&began)).await, String::new());
            let (id, _) = next(&mut again, &mut rest, "notification").await;
            assert!(id.as_deref() > Some(began.as_str()), "{id:?} after {began}");
            assert_eq!(next(&mut again, &mut rest, "unread").await.1, json!({"unread": before + 1}));
            assert!(!rest.contains("event: notification"), "{rest}");
        }
    })
    .await;
}

#[tokio::test]
async fn the_stream_of_who_may_no_more_ends_at_once_and_says_nothing_more() {
    on_both(|w| async move {
        let (manager, admin) = (w.as_role(Role::Manager).await, w.as_role(Role::Admin).await);
        let (mut live, mut rest) = (listen(&manager, None).await, String::new());
        next(&mut live, &mut rest, "unread").await;
        let path = format!("/api/users/{}", w.person(Role::Manager));
        let person = admin.get(&path).await.expect(200);
        admin.patch(&path, &person["version"], json!({"active": false})).await.expect(200);
        let left = tokio::time::timeout(
            Duration::from_secs(20),
            live.map(|chunk| chunk.unwrap().to_vec()).collect::<Vec<_>>(),
        );
        let left = left.await.expect("the stream ends").concat();
        assert!(!String::from_utf8(left).unwrap().contains("event:"));
    })
    .await;
}

#[tokio::test]
async fn run_progress_is_for_those_who_manage_connectors() {
    on_both(|w| async move {
        use afpi_platform::bus::BusEvent;
        let (admin, manager) = (w.as_role(Role::Admin).await, w.as_role(Role::Manager).await);
        let (mut a, mut a_rest) = (listen(&admin, None).await, String::new());
        let (mut m, mut m_rest) = (listen(&manager, None).await, String::new());
        next(&mut a, &mut a_rest, "unread").await;
        next(&mut m, &mut m_rest, "unread").await;
        w.app.bus.publish(BusEvent::Sync { run: json!({"id": "r1", "state": "fetching"}) });
        assert_eq!(next(&mut a, &mut a_rest, "sync").await.1["state"], "fetching");
        // The end of the process ends the streams. The manager's stream contained only heartbeats.
        w.app.stopping.cancel();
        let left: Vec<u8> = m.map(|chunk| chunk.unwrap().to_vec()).collect::<Vec<_>>().await.concat();
        assert!(!String::from_utf8(left).unwrap().contains("sync"));
    })
    .await;
}
