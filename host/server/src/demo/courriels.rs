//! Mails that the demo's salesperson shared: two in the timeline of a file, one that names no record.

use afpi_db::{Conn, sql};
use anyhow::Result;

use super::{accounts, days};
use afpi_core::clock::Instant;
use afpi_core::id::{CourrielId, OpportuniteId, UserId};
use afpi_core::rights::Role;
use afpi_core::scope::Scope;
use afpi_platform::state::App;

/// Writes them once.
pub async fn fill(app: &App) -> Result<()> {
    let mut tx = app.db.begin().await?;
    if sql("SELECT COUNT(*) FROM courriel_keys").scalar::<i64>(&mut tx).await? > 0 {
        return Ok(());
    }
    sql("INSERT INTO courriel_keys (message_key, read_at) VALUES ('demo', 0)").execute(&mut tx).await?;
    let people = accounts::read(&mut tx).await?;
    let seller = people.by_role.iter().find(|(role, ..)| *role == Role::Commercial);
    let Some((user, name)) = seller.map(|(_, id, name)| (*id, name.to_string())) else { return Ok(()) };
    let mut newest = Scope::All.opportunites("o.id", "");
    newest.push(" AND o.commercial_id = ? AND o.outcome NOT IN ('lost', 'done') ORDER BY o.created_at DESC, o.id DESC");
    newest.arg(user).limit(1);
    let newest = newest.optional::<(OpportuniteId,)>(&mut tx).await?;
    let own = format!("{name} <commercial@demo.afpi>");
    let client = "Nadia Perrin <nadia.perrin@client.example>";
    let now = Instant::now();
    if let Some((file,)) = newest {
        let sent = Shared {
            file: Some(file),
            from: &own,
            to: client,
            subject: "Votre projet de formation",
            text: "Bonjour Madame Perrin,\n\nmerci de votre accueil ce matin. Je vous propose deux sessions de trois jours, en mars ou en \
                   avril, dans vos locaux.\n\nPouvez-vous me confirmer le nombre de participants ?\n\nBien cordialement,",
            at: now - days(3),
        };
        let answer = Shared {
            file: Some(file),
            from: client,
            to: &own,
            subject: "RE: Votre projet de formation",
            text: "Bonjour,\n\nnous serons huit, plutôt en avril. Un participant a besoin d'un poste adapté.\n\nNadia Perrin",
            at: now - days(2),
        };
        insert(&mut tx, user, &sent).await?;
        insert(&mut tx, user, &answer).await?;
    }
    let unknown = Shared {
        file: None,
        from: &own,
        to: "accueil@nouveau-client.example",
        subject: "Suite à notre échange au salon",
        text: "Bonjour,\n\ncomme convenu, voici nos prochaines dates. Je reste à votre disposition.\n\nBien cordialement,",
        at: now - days(1),
    };
    insert(&mut tx, user, &unknown).await?;
    tx.commit().await?;
    Ok(())
}

struct Shared<'a> {
    /// None: it waits for its person.
    file: Option<OpportuniteId>,
    from: &'a str,
    to: &'a str,
    subject: &'a str,
    text: &'a str,
    at: Instant,
}

async fn insert(tx: &mut Conn, user: UserId, mail: &Shared<'_>) -> Result<()> {
    let mut insert =
        sql("INSERT INTO courriels (id, user_id, record_kind, record_id, forwarded, sender, recipients, subject, \
         text, cut, sent_at, received_at) VALUES ");
    insert.rows([[
        CourrielId::generate().into(),
        user.into(),
        mail.file.map(|_| "opportunites").into(),
        mail.file.into(),
        mail.subject.starts_with("RE:").into(),
        mail.from.into(),
        mail.to.into(),
        mail.subject.into(),
        mail.text.into(),
        false.into(),
        mail.at.into(),
        mail.at.into(),
    ]]);
    insert.execute(tx).await?;
    Ok(())
}
