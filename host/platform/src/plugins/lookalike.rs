//! Refuses names that imitate another plugin. An administrator who consents to a file reads its name first, so it must
//! not look like a plugin that comes with the product.

use afpi_db::Conn;
use afpi_plugins::manifest::Manifest;

use super::keys::Level;
use super::versions;
use afpi_core::error::{Error, ErrorKind, Result};
use afpi_core::text::text;

/// 409 when the id or a name of this plugin resembles a plugin that came with the product.
pub async fn refuse(conn: &mut Conn, manifest: &Manifest) -> Result<()> {
    let mine = likenesses(manifest);
    for version in versions::at_level(conn, Level::Core).await? {
        if version.plugin_id == manifest.id {
            continue;
        }
        let core = version.manifest(conn).await?;
        if likenesses(&core).iter().any(|theirs| mine.contains(theirs)) {
            let title = text(
                "Ce nom est trop proche de celui d'une autre extension",
                "This name is too close to another plugin's",
            );
            let (id, name) = (&core.id, &core.name);
            let detail = text(
                format!("L'extension {id} s'appelle « {} ».", name.fr),
                format!("The plugin {id} is called “{}”.", name.en),
            );
            return Err(Error::new(ErrorKind::NameTaken, title).detail(detail));
        }
    }
    Ok(())
}

fn likenesses(manifest: &Manifest) -> [String; 3] {
    [&manifest.id, &manifest.name.fr, &manifest.name.en].map(|name| afpi_text::likeness(name))
}
