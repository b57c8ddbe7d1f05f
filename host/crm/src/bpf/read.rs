//! What the frames are computed from: sums over pieces, half-days and trainees of a legal entity and a period.

use afpi_db::{Conn, Sql, dialect, sql};

use super::cadres::Objectif;
use crate::stagiaires::Status;
use afpi_core::clock::Day;
use afpi_core::error::Result;
use afpi_core::id::{FormateurId, LegalEntityId, SessionId, StagiaireId};
use afpi_core::money::Money;
use afpi_core::scope::{Columns, Scope};

/// A legal entity and the days of its year, both included.
#[derive(Debug, Clone, Copy)]
pub struct Exercice {
    pub entity: LegalEntityId,
    pub from: Day,
    pub to: Day,
}

afpi_db::row! {
    /// Issued pieces of one kind of payer and one kind of opportunité.
    pub struct Produits { pub payer_kind: String, pub kind: String, pub net: Money, pub pieces: i64 }
}

/// Invoices less credit notes, excl. VAT, by their day of issue. A piece without a kind of payer is the company's.
pub async fn produits(conn: &mut Conn, scope: &Scope, year: Exercice) -> Result<Vec<Produits>> {
    let net = dialect::sum("c.net");
    let columns = Named {
        words: "COALESCE(c.payer_kind, 'entreprise') AS payer_kind, o.kind AS kind, ",
        sums: [(net, "net")],
        count: ", COUNT(*) AS pieces",
    };
    let mut query = scope.opportunites(columns, "JOIN creances c ON c.opportunite_id = o.id");
    query.push(" AND c.entite_legale_id = ?").arg(year.entity).push(" AND c.piece_id IS NOT NULL AND c.issued_on >= ?");
    query.arg(year.from).push(" AND c.issued_on <= ?").arg(year.to);
    query.push(" GROUP BY COALESCE(c.payer_kind, 'entreprise'), o.kind ORDER BY 1, 2");
    Ok(query.all(conn).await?)
}

afpi_db::row! {
    /// The hours of a trainee in a session.
    pub struct Suivi {
        pub session_id: SessionId, pub stagiaire_id: StagiaireId, pub status: Option<Status>, pub objectif: Option<Objectif>,
        pub specialite: Option<String>, pub done: i64, pub unnoted: i64,
    }
}

/// Minutes attended per trainee and session, and the half-days of the past that nobody has noted. Cancelled sessions
/// have none.
pub async fn suivis(conn: &mut Conn, scope: &Scope, year: Exercice) -> Result<Vec<Suivi>> {
    const DONE: &str = "CASE a.state WHEN 'present' THEN h.end_minute - h.start_minute \
         WHEN 'late' THEN CASE WHEN h.end_minute - h.start_minute > a.late_minutes THEN h.end_minute - h.start_minute - a.late_minutes ELSE 0 END \
         ELSE 0 END";
    let mut unnoted = dialect::sum("CASE WHEN a.state IS NULL AND h.day < ? THEN 1 ELSE 0 END");
    unnoted.arg(Day::today());
    let columns = Named {
        words: "n.id AS session_id, t.id AS stagiaire_id, t.status AS status, n.objectif AS objectif, n.specialite AS specialite, ",
        sums: [(dialect::sum(DONE), "done"), (unnoted, "unnoted")],
        count: "",
    };
    let mut query = scope.sessions(
        columns,
        "JOIN localisations l ON l.id = n.localisation_id JOIN session_half_days h ON h.session_id = n.id \
         JOIN session_stagiaires p ON p.session_id = n.id JOIN stagiaires t ON t.id = p.stagiaire_id \
         LEFT JOIN attendance a ON a.session_id = n.id AND a.stagiaire_id = t.id AND a.day = h.day AND a.half = h.half",
    );
    held(&mut query, year);
    query.push(" GROUP BY n.id, t.id, t.status, n.objectif, n.specialite ORDER BY t.id, n.id");
    Ok(query.all(conn).await?)
}

/// Minutes given per kind of trainer and trainer: half-days at which somebody was there.
pub async fn donnees(conn: &mut Conn, scope: &Scope, year: Exercice) -> Result<Vec<(String, i64)>> {
    let minutes = dialect::sum("h.end_minute - h.start_minute");
    let columns = Named { words: "p.formateur AS formateur, ", sums: [(minutes, "minutes")], count: "" };
    let mut query = scope.sessions(
        columns,
        "JOIN localisations l ON l.id = n.localisation_id JOIN session_half_days h ON h.session_id = n.id \
         JOIN (SELECT session_id, day, half, formateur FROM session_plans UNION \
         SELECT session_id, day, half, formateur FROM session_rows) p \
         ON p.session_id = n.id AND p.day = h.day AND p.half = h.half AND p.formateur IS NOT NULL",
    );
    held(&mut query, year);
    query.push(
        " AND EXISTS (SELECT 1 FROM attendance a WHERE a.session_id = n.id AND a.day = h.day AND a.half = h.half \
         AND a.state IN ('present', 'late')) GROUP BY p.formateur ORDER BY p.formateur",
    );
    let given: Vec<(String, i64)> = query.all(conn).await?;
    let ids: Vec<FormateurId> = given.iter().filter_map(|(formateur, _)| formateur.parse().ok()).collect();
    let mut kinds = sql("SELECT id, kind FROM formateurs WHERE id IN ");
    kinds.list(&ids);
    let kinds: Vec<(FormateurId, String)> = if ids.is_empty() { Vec::new() } else { kinds.all(conn).await? };
    let kind = |formateur: &str| {
        let id = formateur.parse::<FormateurId>().ok()?;
        kinds.iter().find(|(known, _)| *known == id).map(|(_, kind)| kind.clone())
    };
    Ok(given.into_iter().map(|(formateur, minutes)| (kind(&formateur).unwrap_or_default(), minutes)).collect())
}

fn held(query: &mut Sql, year: Exercice) {
    query.push(" AND l.entite_legale_id = ?").arg(year.entity).push(" AND n.status <> 'annulee' AND h.day >= ?");
    query.arg(year.from).push(" AND h.day <= ?").arg(year.to);
}

/// Columns to group by, sums by name, and the end of the list.
struct Named<const N: usize> {
    words: &'static str,
    sums: [(Sql, &'static str); N],
    count: &'static str,
}

impl<const N: usize> Columns for Named<N> {
    fn push_to(self, query: &mut Sql) {
        query.push(self.words);
        for (at, (sum, name)) in self.sums.into_iter().enumerate() {
            query.push(if at == 0 { "" } else { ", " }).append(sum).push(" AS ").push(name);
        }
        query.push(self.count);
    }
}
