//! Why a record cannot go into the bin: a legal document was issued, or something still depends on it.

use afpi_core::error::{Error, ErrorKind, Result};
use afpi_core::text::{Text, text};
use afpi_db::{Conn, sql};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::Kind;

/// A reason.
#[derive(Debug, Serialize, ToSchema)]
struct Blocker {
    code: &'static str,
    message: Text,
}

/// A question whose answer is a number, with one `?`: the record's id. More than none is a reason.
struct Ask {
    kind: Kind,
    code: &'static str,
    query: &'static str,
    says: (&'static str, &'static str),
}

const ISSUED: (&str, &str) = (
    "Une pièce a été émise ou un règlement enregistré : la loi veut que le dossier reste. Annulez-le ou clôturez-le.",
    "A legal piece was issued or a payment recorded: the law wants the file kept. Cancel or close it.",
);
const DOCUMENTS: (&str, &str) = (
    "Des documents en ont été faits : ils restent avec leur dossier. Annulez-le ou clôturez-le.",
    "Documents were made of it: they stay with their file. Cancel or close it.",
);
const PLANNED: (&str, &str) = (
    "Des demi-journées sont réservées ou une session en dépend : libérez d’abord la planification.",
    "Half-days are booked or a session depends on it: give the planning back first.",
);
const FILES: (&str, &str) = (
    "Elle a des opportunités, peut-être d’un autre site : mettez-les d’abord à la corbeille, ou rendez la fiche inactive.",
    "It has opportunités, maybe of another site: put them into the bin first, or make the record inactive.",
);
const RECEIPTS: (&str, &str) = (
    "Elle a payé des factures : la loi veut que la fiche reste. Rendez-la inactive.",
    "It paid invoices: the law wants the record kept. Make it inactive.",
);
const CONNECTED: (&str, &str) = (
    "Un connecteur la tient à jour et la recréerait : rendez-la inactive.",
    "A connector keeps it up to date and would create it again: make it inactive.",
);

const fn ask(kind: Kind, code: &'static str, query: &'static str, says: (&'static str, &'static str)) -> Ask {
    Ask { kind, code, query, says }
}

use Kind::{Entreprises as E, Opportunites as O};

const ASKED: &[Ask] = &[
    ask(O, "issued", "SELECT COUNT(*) FROM pieces WHERE opportunite_id = ?", ISSUED),
    ask(O, "issued", "SELECT COUNT(*) FROM paiements WHERE opportunite_id = ?", ISSUED),
    ask(O, "documents", "SELECT COUNT(*) FROM documents WHERE opportunite_id = ?", DOCUMENTS),
    ask(O, "documents", "SELECT COUNT(*) FROM document_batch_items WHERE opportunite_id = ?", DOCUMENTS),
    ask(O, "planned", "SELECT COUNT(*) FROM reservations WHERE opportunite_id = ?", PLANNED),
    ask(O, "planned", "SELECT COUNT(*) FROM reservation_shares WHERE opportunite_id = ?", PLANNED),
    ask(O, "planned", "SELECT COUNT(*) FROM session_opportunites WHERE opportunite_id = ?", PLANNED),
    ask(O, "planned", "SELECT COUNT(*) FROM session_plans WHERE opportunite_id = ?", PLANNED),
    ask(
        O,
        "planned",
        "SELECT COUNT(*) FROM session_stagiaires x JOIN stagiaires t ON t.id = x.stagiaire_id WHERE t.opportunite_id = ?",
        PLANNED,
    ),
    ask(
        O,
        "planned",
        "SELECT COUNT(*) FROM attendance x JOIN stagiaires t ON t.id = x.stagiaire_id WHERE t.opportunite_id = ?",
        PLANNED,
    ),
    ask(E, "opportunites", "SELECT COUNT(*) FROM opportunites WHERE entreprise_id = ?", FILES),
    ask(E, "connector", "SELECT COUNT(*) FROM external_ids WHERE entity = 'entreprise' AND record_id = ?", CONNECTED),
    ask(
        E,
        "connector",
        "SELECT COUNT(*) FROM external_ids x JOIN contacts c ON c.id = x.record_id WHERE x.entity = 'contact' AND c.entreprise_id = ?",
        CONNECTED,
    ),
];

/// 409 with every reason why this record cannot go.
pub async fn refuse(tx: &mut Conn, kind: Kind, id: Uuid) -> Result<()> {
    let mut found: Vec<Blocker> = Vec::new();
    for Ask { code, query, says, .. } in ASKED.iter().filter(|ask| ask.kind == kind) {
        let known = found.iter().any(|blocker| blocker.code == *code);
        if !known && sql(query).bind(id).scalar::<i64>(tx).await? > 0 {
            found.push(Blocker { code, message: text(says.0, says.1) });
        }
    }
    if kind == Kind::Entreprises {
        let paid = sql("SELECT COUNT(*) FROM encaissements WHERE payer_key = ?").bind(format!("company:{id}"));
        if paid.scalar::<i64>(tx).await? > 0 {
            found.push(Blocker { code: "receipts", message: text(RECEIPTS.0, RECEIPTS.1) });
        }
    }
    let all = |of: fn(&Text) -> &str| found.iter().map(|b| of(&b.message)).collect::<Vec<_>>().join(" ");
    let (fr, en) = (all(|text| &text.fr), all(|text| &text.en));
    if found.is_empty() {
        return Ok(());
    }
    let title = text("Ne peut pas aller à la corbeille", "Cannot go into the bin");
    Err(Error::new(ErrorKind::Conflict, title).detail(text(fr, en)).with("blockers", found))
}
