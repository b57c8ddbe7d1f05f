//! The drop box: mails that people share become entries of timelines. With Debian's dovecot, when `scripts/services.sh` has
//! started one.

use std::io::Write;
use std::process::{Command, Stdio};

use crate::support::{AWAY, Client, HOME, World, on_both, on_both_with};
use afpi_core::clock::Instant;
use afpi_core::rights::Role;
use afpi_crm::courriels;
use afpi_db::sql;
use afpi_jobs::NewJob;
use afpi_platform::config::{Config, Mailbox};
use serde_json::{Value, json};
use uuid::Uuid;

/// What the mail server of the installation says of a colleague.
const VERIFIED: &str = "Authentication-Results: mx.afpi.test; dmarc=pass header.from=afpi.test\n";

/// A mailbox of its own on the server of the tests.
fn mailbox() -> Option<Mailbox> {
    let (Ok(place), Ok(authority)) = (std::env::var("AFPI_TEST_IMAP"), std::env::var("AFPI_TEST_IMAP_CA")) else {
        eprintln!("skipped: AFPI_TEST_IMAP names no mail server");
        return None;
    };
    let (host, port) = place.split_once(':').expect("host:port");
    Some(Mailbox {
        host: host.into(),
        port: port.parse().expect("a port"),
        user: Uuid::now_v7().simple().to_string(),
        password: String::from("secret").into(),
        address: "crm@afpi.test".into(),
        authority: Some(std::fs::read(authority).expect("the authority")),
        authserv: Some("mx.afpi.test".into()),
    })
}

async fn with_mailbox(config: &mut Config) -> Mailbox {
    let mailbox = mailbox().expect("asked for before");
    config.mailbox = Some(mailbox.clone());
    mailbox
}

/// Talks IMAP as the mail program of the tests.
fn imap(mailbox: &Mailbox, folder: &str, arguments: &[&str], input: &[u8]) -> String {
    let mut curl = Command::new("curl")
        .args(["-sS", "--fail", "--cacert", &std::env::var("AFPI_TEST_IMAP_CA").unwrap()])
        .args(["--user", &format!("{}:secret", mailbox.user)])
        .arg(format!("imaps://{}:{}/{folder}", mailbox.host, mailbox.port))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("curl");
    curl.stdin.take().unwrap().write_all(input).unwrap();
    let done = curl.wait_with_output().unwrap();
    assert!(done.status.success(), "curl on {folder}");
    String::from_utf8_lossy(&done.stdout).into_owned()
}

fn deliver(mailbox: &Mailbox, mail: &[u8]) {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(mail).unwrap();
    imap(mailbox, "INBOX", &["--upload-file", file.path().to_str().unwrap()], b"");
}

/// How many mails each folder has: the inbox, done, refused, unreadable.
fn folders(mailbox: &Mailbox) -> [u32; 4] {
    [("INBOX", "INBOX"), ("", "Trait&AOk-s"), ("", "Refus&AOk-s"), ("", "Illisibles")].map(|(select, name)| {
        let said = imap(mailbox, select, &["--request", &format!("STATUS \"{name}\" (MESSAGES)")], b"");
        let count = said.rsplit("MESSAGES ").next().and_then(|rest| rest.split(')').next());
        count.and_then(|count| count.parse().ok()).unwrap_or_else(|| panic!("{name}: {said}"))
    })
}

/// A mail of this colleague.
fn mail(from: &str, to: &str, id: &str, subject: &str, rest: &str) -> Vec<u8> {
    let text =
        format!("{VERIFIED}From: {from}@afpi.test\nTo: {to}\nMessage-ID: <{id}@afpi.test>\nSubject: {subject}\n{rest}");
    text.replace('\n', "\r\n").into_bytes()
}

async fn read_mailbox(world: &World) {
    let mut tx = world.app.db.begin().await.unwrap();
    afpi_jobs::enqueue(&mut tx, &NewJob::new(courriels::QUEUE, courriels::KIND, json!({}))).await.unwrap();
    tx.commit().await.unwrap();
    world.work().await;
}

fn taken(world: &World, outcome: &str) -> u64 {
    world.app.metrics.courriels.with_label_values(&[outcome]).get()
}

fn id(record: &Value) -> &str {
    record["id"].as_str().unwrap()
}

/// A company of the commercial's site, with this contact.
async fn company(world: &World, name: &str, contact: &str) -> Value {
    let commercial = world.as_role(Role::Commercial).await;
    let body = json!({"name": name, "localisationId": world.site(HOME), "contacts": [{"lastName": "Martin", "email": contact}]});
    commercial.post("/api/entreprises", body).await.expect(201)
}

async fn opportunite(client: &Client, company: &Value, title: &str) -> Value {
    let body = json!({"entrepriseId": company["id"], "title": title, "budget": 100_000});
    client.post("/api/opportunites", body).await.expect(201)["opportunite"].clone()
}

/// The mails in the timeline of a record.
async fn told(client: &Client, kind: &str, record: &str) -> Vec<Value> {
    let list = client.get(&format!("/api/suivi/{kind}/{record}?of=mail")).await.expect(200);
    list["data"].as_array().unwrap().clone()
}

#[tokio::test]
async fn shared_mails_stand_in_the_timelines_of_the_records_that_they_name() {
    if mailbox().is_none() {
        return;
    }
    on_both_with(with_mailbox, |world, mailbox| async move {
        let commercial = world.as_role(Role::Commercial).await;
        let client = company(&world, "Forges du Nord", "Bob.Martin@Forges.test").await;
        let other = company(&world, "Verreries", "lea@verreries.test").await;
        let file = opportunite(&commercial, &other, "Caces").await;
        let numero = file["numero"].as_str().unwrap();

        let body = "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/html; charset=utf-8\n\n<p>Bonjour,</p><script>x</script>\n\
                    --b\nContent-Type: application/pdf; name=devis.pdf\nContent-Disposition: attachment; filename=devis.pdf\n\n%PDF-1.7 devis\n\
                    --b\nContent-Type: application/x-msdownload\nContent-Disposition: attachment; filename=outil.exe\n\nMZ\u{90}\n--b--\n";
        let sent = mail("commercial", "Bob <bob.martin@forges.test>, assistante@afpi.test", "1", "Notre devis", body);
        deliver(&mailbox, &sent);
        deliver(&mailbox, &sent);
        deliver(&mailbox, &mail("commercial", "inconnue@ailleurs.test", "2", &format!("Re: {numero} dates"), "\nVu.\n"));
        // Forwarded in the text: the domain is that of one company.
        let quoted = "\nPour info\n\n---- Message transféré ----\nDe : Paul <paul@forges.test>\nÀ : commercial@afpi.test\nObjet : Question\n\nBonjour\n";
        deliver(&mailbox, &mail("commercial", "crm@afpi.test", "3", "Tr : Question", quoted));
        read_mailbox(&world).await;
        assert_eq!(folders(&mailbox), [0, 4, 0, 0]);
        assert_eq!(["filed", "known", "pending", "refused", "unreadable"].map(|of| taken(&world, of)), [3, 1, 0, 0, 0]);

        let entries = told(&commercial, "entreprises", id(&client)).await;
        assert_eq!(entries.len(), 2, "{entries:#?}");
        let (forwarded, sent) = match entries[0]["courriel"]["forwarded"].as_bool() {
            Some(true) => (&entries[0], &entries[1]),
            _ => (&entries[1], &entries[0]),
        };
        let courriel = &sent["courriel"];
        assert_eq!((&sent["about"]["kind"], &courriel["subject"]), (&json!("contacts"), &json!("Notre devis")));
        assert_eq!((&courriel["text"], &courriel["sharedBy"]["name"]), (&json!("Bonjour,"), &json!("Test commercial")));
        assert_eq!(courriel["to"], json!(["Bob <bob.martin@forges.test>", "assistante@afpi.test"]));
        assert_eq!(courriel["files"], json!([{"name": "devis.pdf"}, {"name": "outil.exe", "refused": "type"}]));
        assert_eq!(forwarded["courriel"]["subject"], "Tr : Question");
        let contact = id(&client["contacts"][0]);
        let files = commercial.get(&format!("/api/attachments/contacts/{contact}")).await.expect(200);
        assert_eq!((files["data"].as_array().unwrap().len(), &files["data"][0]["name"]), (1, &json!("devis.pdf")));

        // The number in the subject wins, and the page of its company shows the mail too.
        let of_file = told(&commercial, "opportunites", id(&file)).await;
        assert_eq!((of_file.len(), &of_file[0]["courriel"]["text"]), (1, &json!("Vu.")));
        assert_eq!(told(&commercial, "entreprises", id(&other)).await.len(), 1);
        // Who sees the record reads the mail; who does not, does not.
        let reader = world.as_role(Role::Assistante).await;
        assert_eq!(told(&reader, "entreprises", id(&client)).await.len(), 2);
        let stranger = world.as_user(world.another(Role::Assistante, "loin", &[AWAY]).await).await;
        stranger.get(&format!("/api/suivi/opportunites/{}", id(&file))).await.refused(404, "not-found");

        // Who shared it takes it out again, and nobody else.
        let path = format!("/api/courriels/{}", id(courriel));
        reader.delete(&path).await.refused(404, "not-found");
        commercial.delete(&path).await.expect(204);
        assert_eq!(told(&commercial, "entreprises", id(&client)).await.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_mail_that_names_no_record_waits_for_its_sender() {
    if mailbox().is_none() {
        return;
    }
    on_both_with(with_mailbox, |world, mailbox| async move {
        let commercial = world.as_role(Role::Commercial).await;
        let client = company(&world, "Forges du Nord", "bob@forges.test").await;
        let file = "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nCi-joint\n--b\nContent-Type: application/pdf; name=plan.pdf\nContent-Disposition: attachment\n\n%PDF-1.7 plan\n--b--\n";
        deliver(&mailbox, &mail("commercial", "qui@inconnu.test", "1", "Plan", file));
        deliver(&mailbox, &mail("commercial", "x@gmail.com", "2", "Publicité", "\nA\n"));
        // A colleague who does not see the company: it is another site's.
        world.another(Role::Assistante, "loin", &[AWAY]).await;
        deliver(&mailbox, &mail("loin", "bob@forges.test", "3", "De loin", "\nA\n"));
        read_mailbox(&world).await;
        assert_eq!((folders(&mailbox), taken(&world, "pending")), ([0, 3, 0, 0], 3));

        let waiting = commercial.get("/api/courriels").await.expect(200);
        assert_eq!(waiting["meta"]["total"], 2);
        let of = |subject: &str| waiting["data"].as_array().unwrap().iter().find(|one| one["subject"] == subject).unwrap().clone();
        let (plan, advert) = (of("Plan"), of("Publicité"));
        let told_him = commercial.get("/api/notifications").await.expect(200);
        assert!(told_him["data"].as_array().unwrap().iter().any(|one| one["title"]["fr"] == "Courriel à rattacher : Plan"));
        let boss = world.as_role(Role::Admin).await;
        assert_eq!(boss.get("/api/courriels").await.expect(200)["meta"]["total"], 0);

        let place = json!({"kind": "entreprises", "id": client["id"]});
        let path = format!("/api/courriels/{}/record", id(&plan));
        boss.put(&path, place.clone()).await.refused(404, "not-found");
        commercial.put(&path, json!({"kind": "entreprises", "id": Uuid::now_v7()})).await.refused(404, "not-found");
        commercial.put(&path, place.clone()).await.expect(204);
        commercial.put(&path, place).await.refused(409, "conflict");
        let entries = told(&commercial, "entreprises", id(&client)).await;
        assert_eq!(entries[0]["courriel"]["files"], json!([{"name": "plan.pdf"}]));
        let files = commercial.get(&format!("/api/attachments/entreprises/{}", id(&client))).await.expect(200);
        assert_eq!(files["data"][0]["name"], "plan.pdf");

        commercial.delete(&format!("/api/courriels/{}", id(&advert))).await.expect(204);
        assert_eq!(commercial.get("/api/courriels").await.expect(200)["meta"]["total"], 0);
        // A second copy does not bring it back.
        deliver(&mailbox, &mail("commercial", "x@gmail.com", "2", "Publicité", "\nA\n"));
        read_mailbox(&world).await;
        assert_eq!(commercial.get("/api/courriels").await.expect(200)["meta"]["total"], 0);

        // What nobody files goes after two months, and the copies in the mailbox after one.
        courriels::keep(&world.app, Instant::now() + std::time::Duration::from_secs(61 * 24 * 3600)).await.unwrap();
        let left = sql("SELECT COUNT(*) FROM courriels").scalar::<i64>(&mut world.app.db.read().await.unwrap()).await;
        assert_eq!((left.unwrap(), folders(&mailbox)), (1, [0, 0, 0, 0]));
    })
    .await;
}

#[tokio::test]
async fn mails_of_others_are_set_aside_and_hostile_ones_hold_up_nothing() {
    if mailbox().is_none() {
        return;
    }
    on_both_with(with_mailbox, |world, mailbox| async move {
        let client = company(&world, "Forges du Nord", "bob@forges.test").await;
        let plain = |header: &str| format!("{header}To: bob@forges.test\r\nMessage-ID: <{}@x>\r\nSubject: Faux\r\n\r\nx\r\n", Uuid::now_v7());
        let spoofed = [
            // Nobody vouches for it, somebody else does, or the own server says no.
            plain("From: commercial@afpi.test\r\n"),
            plain("Authentication-Results: mx.evil.test; dmarc=pass header.from=afpi.test\r\nFrom: commercial@afpi.test\r\n"),
            plain("Authentication-Results: mx.afpi.test; dmarc=fail header.from=afpi.test\r\nAuthentication-Results: mx.afpi.test; dmarc=pass header.from=afpi.test\r\nFrom: commercial@afpi.test\r\n"),
            // A verified stranger.
            plain("Authentication-Results: mx.afpi.test; dmarc=pass header.from=evil.test\r\nFrom: commercial@evil.test\r\n"),
            plain("Authentication-Results: mx.afpi.test; dmarc=pass header.from=evil.test\r\nFrom: \"commercial@afpi.test\" <x@evil.test>\r\n"),
        ];
        spoofed.iter().for_each(|mail| deliver(&mailbox, mail.as_bytes()));
        // Nobody who works here any more.
        let gone = world.another(Role::Commercial, "parti", &[HOME]).await;
        let mut tx = world.app.db.begin().await.unwrap();
        sql("UPDATE users SET active = ? WHERE id = ?").bind(false).bind(gone).execute(&mut tx).await.unwrap();
        tx.commit().await.unwrap();
        deliver(&mailbox, &mail("parti", "bob@forges.test", "9", "Faux", "\nx\n"));

        deliver(&mailbox, b"no header, no mail\r\n");
        deliver(&mailbox, b"From: commercial@afpi.test, assistante@afpi.test\r\nSubject: deux\r\n\r\nx\r\n");
        let mut huge = mail("commercial", "bob@forges.test", "huge", "Immense", "\n");
        huge.resize(41 << 20, b'x');
        deliver(&mailbox, &huge);
        // Broken, and yet readable.
        let mut nested = String::from("Content-Type: multipart/mixed; boundary=b0\n\n--b0\n");
        for at in 1..200 {
            nested += &format!("Content-Type: multipart/mixed; boundary=b{at}\n\n--b{at}\n");
        }
        deliver(&mailbox, &mail("commercial", "bob@forges.test", "4", "Poupées", &nested));
        let charset = "Content-Type: text/plain; charset=utf-8\n\nDéjà \u{202e}vu\u{1b}[2J\n";
        let mut wrong = mail("commercial", "bob@forges.test", "5", "=?klingon?Q?=E9?= =?utf-8?B?4oKs?=", charset);
        wrong.extend_from_slice(b"caf\xe9\r\n");
        deliver(&mailbox, &wrong);
        read_mailbox(&world).await;

        assert_eq!(folders(&mailbox), [0, 2, 6, 3]);
        assert_eq!(["filed", "refused", "unreadable"].map(|of| taken(&world, of)), [2, 6, 3]);
        let commercial = world.as_role(Role::Commercial).await;
        let entries = told(&commercial, "entreprises", id(&client)).await;
        assert_eq!(entries.len(), 2);
        for entry in entries {
            let text = entry["courriel"]["text"].as_str().unwrap();
            assert!(!text.contains(['\u{202e}', '\u{1b}', '\0']), "{text:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn without_a_mailbox_there_is_no_address_and_no_schedule() {
    on_both(|world| async move {
        let reader = world.as_role(Role::Assistante).await;
        assert_eq!(reader.get("/api/courriels/address").await.expect(200), json!({"address": null}));
        courriels::schedule(&world.app).await.unwrap();
        let mut conn = world.app.db.read().await.unwrap();
        let schedules = sql("SELECT COUNT(*) FROM schedules WHERE id = 'host/mailbox'");
        assert_eq!(schedules.scalar::<i64>(&mut conn).await.unwrap(), 0);
    })
    .await;
}

#[tokio::test]
async fn a_check_says_what_is_wrong_with_the_mailbox() {
    let Some(good) = mailbox() else { return };
    courriels::inspect(&good).await.unwrap();
    let wrong = Mailbox { password: String::from("other").into(), ..good.clone() };
    assert_eq!(courriels::inspect(&wrong).await.unwrap_err().to_string(), "the mail server refuses the account");
    // Without the private authority nobody trusts the certificate.
    let public = Mailbox { authority: None, ..good.clone() };
    let error = courriels::inspect(&public).await.unwrap_err();
    assert!(error.is_final() && error.to_string().contains("certificate"), "{error}");
    let away = Mailbox { port: 1, ..good };
    assert!(!courriels::inspect(&away).await.unwrap_err().is_final());
}
