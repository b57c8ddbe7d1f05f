//! What the host itself tells a person about something that the person did. No notifier decides on it, and nobody can
//! switch it off.

use afpi_db::{Conn, sql};
use uuid::Uuid;

use afpi_core::clock::Instant;
use afpi_core::error::Result;
use afpi_core::id::UserId;
use afpi_core::text::Text;

/// A message, shown in the application.
pub struct Notice<'a> {
    pub to: UserId,
    pub kind: &'static str,
    pub title: Text,
    pub body: Text,
    /// A path of the web application.
    pub link: &'a str,
}

/// Writes it. Publish `BusEvent::Notified` after the commit.
pub async fn tell(tx: &mut Conn, notice: &Notice<'_>, now: Instant) -> Result<()> {
    let id = Uuid::now_v7();
    let cut = |text: &str, length: usize| text.chars().take(length).collect::<String>();
    let mut query = sql(
        "INSERT INTO notifications (id, user_id, kind, title_fr, title_en, body_fr, body_en, link, dedupe_key, app, created_at) VALUES ",
    );
    query.rows([[
        id.into(),
        notice.to.into(),
        notice.kind.into(),
        cut(&notice.title.fr, 300).into(),
        cut(&notice.title.en, 300).into(),
        cut(&notice.body.fr, 4000).into(),
        cut(&notice.body.en, 4000).into(),
        notice.link.into(),
        format!("host:{id}").into(),
        true.into(),
        now.into(),
    ]]);
    query.execute(tx).await?;
    Ok(())
}
