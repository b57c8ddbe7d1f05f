//! Invoices to an OPCO, whose rules the law tells. What a company pays is a matter of the agreement with it.

use super::Regle;
use crate::facts::{Opportunite, Piece, kind};
use crate::finding::{Finding, day, euros, key, subject};
use crate::papers::OPCO;
use crate::world::World;
use afpi_sdk::Text;

/// The largest part that an OPCO advances, in percent (R6332-25).
const ADVANCE: i64 = 30;

/// What the OPCO pays in deposits, or in final invoices, less its credit notes. `None` if one does not say who pays.
fn net(opportunite: &Opportunite, advance: bool) -> Option<i64> {
    let billed =
        || opportunite.pieces.iter().filter(|piece| matches!(piece.kind.as_str(), "facture" | "acompte" | "avoir"));
    if billed().any(|piece| piece.payer().is_none()) {
        return None;
    }
    let of = |piece: &&Piece| piece.payer() == Some(OPCO) && piece.advance() == advance;
    billed().filter(of).map(|piece| piece.net).sum()
}

/// A final invoice to an OPCO before the first half-day, without a reason, that no credit note takes back.
pub fn early(world: &World) -> Vec<Finding> {
    let of = |(id, opportunite): (&str, &Opportunite)| {
        let first = world.start(id, opportunite)?.earliest;
        let credited = |piece: &Piece| {
            let credits = opportunite.pieces.iter().filter(|one| one.corrects.as_ref() == Some(&piece.id));
            let left = credits.chain([piece]).map(|one| one.total).sum::<Option<i64>>();
            left.is_none_or(|left| left <= 0)
        };
        let found = opportunite.pieces.iter().enumerate().filter_map(|(at, piece)| {
            let plain = piece.kind == "facture" && !piece.advance() && piece.payer() == Some(OPCO);
            let issued = piece.issued_on.filter(|issued| *issued < first)?;
            if !plain || piece.reason("motifAvance").is_some() || credited(piece) {
                return None;
            }
            let (on, from, number) = (day(issued), day(first), piece.named());
            Some(Finding {
                rule: Regle::FactureAnticipee,
                subjects: vec![subject(kind::OPPORTUNITE, id)],
                field: format!("/pieces/{at}/issuedOn"),
                message: Text::new(
                    format!(
                        "La facture {number} à l’OPCO est émise le {} ; la formation commence le {}.",
                        on.0, from.0
                    ),
                    format!("Invoice {number} to the OPCO was issued on {}; the training begins on {}.", on.1, from.1),
                ),
                key: key(&[id, &piece.id]),
            })
        });
        Some(found.collect::<Vec<_>>())
    };
    world.opportunites().filter_map(of).flatten().collect()
}

/// The place of the last piece of an OPCO of this kind, to which a finding points.
fn last(opportunite: &Opportunite, advance: bool) -> Option<(usize, &Piece)> {
    let of = |piece: &Piece| piece.payer() == Some(OPCO) && piece.advance() == advance && piece.net.unwrap_or(0) > 0;
    opportunite
        .pieces
        .iter()
        .enumerate()
        .filter(|(_, piece)| of(piece))
        .max_by(|(_, one), (_, two)| one.id.cmp(&two.id))
}

/// Deposits of an OPCO that are more than 30 % of what it agreed.
pub fn deposits(world: &World) -> Vec<Finding> {
    let of = |(id, opportunite): (&str, &Opportunite)| {
        let agreed = opportunite.agreed_by_opco().filter(|agreed| *agreed > 0)?;
        let asked = net(opportunite, true)?;
        // Each deposit is rounded to the cent.
        if asked <= agreed * ADVANCE / 100 + opportunite.pieces.len() as i64 {
            return None;
        }
        let ((at, piece), most) = (last(opportunite, true)?, euros(agreed * ADVANCE / 100));
        let (sum, whole, number) = (euros(asked), euros(agreed), piece.named());
        Some(Finding {
            rule: Regle::AcompteExcessif,
            subjects: vec![subject(kind::OPPORTUNITE, id)],
            field: format!("/pieces/{at}/net"),
            message: Text::new(
                format!("{number} : acomptes de {} HT à l’OPCO ; 30 % de {} font {}.", sum.0, whole.0, most.0),
                format!("{number}: deposits of {} excl. VAT from the OPCO; 30% of {} are {}.", sum.1, whole.1, most.1),
            ),
            key: key(&[id]),
        })
    };
    world.opportunites().filter_map(of).collect()
}

/// Final invoices to an OPCO that are more than it agreed.
pub fn beyond_agreement(world: &World) -> Vec<Finding> {
    let of = |(id, opportunite): (&str, &Opportunite)| {
        let (agreed, billed) = (opportunite.agreed_by_opco()?, net(opportunite, false)?);
        if billed <= agreed {
            return None;
        }
        let ((at, piece), sum, most) = (last(opportunite, false)?, euros(billed), euros(agreed));
        let number = piece.named();
        Some(Finding {
            rule: Regle::FactureAuDelaAccord,
            subjects: vec![subject(kind::OPPORTUNITE, id)],
            field: format!("/pieces/{at}/net"),
            message: Text::new(
                format!("{number} : {} HT sont facturés à l’OPCO, qui en a accordé {}.", sum.0, most.0),
                format!("{number}: {} excl. VAT are invoiced to the OPCO, which agreed to {}.", sum.1, most.1),
            ),
            key: key(&[id]),
        })
    };
    world.opportunites().filter_map(of).collect()
}
