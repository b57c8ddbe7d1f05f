//! Entries in the books, from frozen pieces and payments. Their texts are French: they are for a French accountant.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::comptes::{Compte, Comptes};
use afpi_core::money::Money;
use afpi_core::text::fold;
use afpi_platform::pieces::{Amount, Deducted};

/// A journal of the books.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Journal {
    #[serde(rename = "VE")]
    Ventes,
    #[serde(rename = "BQ")]
    Banque,
}

impl Journal {
    /// `JournalCode`.
    pub fn code(self) -> &'static str {
        match self {
            Journal::Ventes => "VE",
            Journal::Banque => "BQ",
        }
    }

    /// `JournalLib`.
    pub fn label(self) -> &'static str {
        match self {
            Journal::Ventes => "Ventes",
            Journal::Banque => "Banque",
        }
    }
}

/// One line of an entry. One of debit and credit is zero, and none is negative.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ligne {
    pub account: String,
    pub account_label: String,
    /// The payer's own account, and its name.
    pub auxiliary: Option<(String, String)>,
    pub label: String,
    pub debit: Money,
    pub credit: Money,
}

/// An entry: what happened, as lines whose debit equals their credit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ecriture {
    pub journal: Journal,
    /// ISO day.
    pub day: String,
    /// The paper behind it, e.g. the number of the invoice.
    pub piece_ref: String,
    pub piece_day: String,
    pub lines: Vec<Ligne>,
}

/// Who pays, in the books.
#[derive(Debug, Clone)]
pub struct Tiers {
    pub key: String,
    pub name: String,
    pub siren: Option<String>,
}

impl Tiers {
    /// `CompAuxNum`: `C` and the SIREN, otherwise `C` and the letters of the name. A name that does not fit in 17
    /// characters ends in digits that are its own, so two payers never share an account.
    fn account(&self) -> String {
        const MOST: usize = 17;
        if let Some(siren) = self.siren.as_deref().filter(|siren| !siren.is_empty()) {
            return format!("C{siren}");
        }
        let letters: String = fold(&self.name).chars().filter(char::is_ascii_alphanumeric).collect();
        let letters = letters.to_uppercase();
        if !letters.is_empty() && letters.len() < MOST {
            return format!("C{letters}");
        }
        let digest = Sha256::digest(&self.key);
        let start: String = letters.chars().take(MOST - 9).collect();
        format!("C{start}{:02X}{:02X}{:02X}{:02X}", digest[0], digest[1], digest[2], digest[3])
    }

    fn auxiliary(&self) -> Option<(String, String)> {
        let name = if self.name.is_empty() { "Client" } else { &self.name };
        Some((self.account(), name.to_owned()))
    }
}

/// An issued piece.
pub struct Vente<'a> {
    pub number: &'a str,
    pub day: &'a str,
    pub title: &'a str,
    pub tiers: &'a Tiers,
    pub total: Money,
    pub amounts: &'a [Amount],
    /// A deposit, or a credit note for one: no sale yet.
    pub advance: bool,
    /// The deposits that a final invoice deducts.
    pub deducted: Option<Deducted>,
}

impl Vente<'_> {
    /// The entry of an invoice. Of a credit note everything stands on the other side.
    pub fn book(&self, comptes: &Comptes) -> Ecriture {
        let back = self.total < Money::ZERO;
        let line = |compte: Compte, auxiliary, label: String, amount: Money, owed: bool| {
            let size = if amount < Money::ZERO { -amount } else { amount };
            let (debit, credit) =
                if owed == (amount >= Money::ZERO) { (size, Money::ZERO) } else { (Money::ZERO, size) };
            Ligne { account: compte.number, account_label: compte.label, auxiliary, label, debit, credit }
        };
        let word = if back { "Avoir" } else { "Facture" };
        let deducted = self.deducted.unwrap_or_default();
        let client =
            line(comptes.clients(), self.tiers.auxiliary(), word.to_owned(), self.total - deducted.total, true);
        let sales = self.amounts.iter().filter(|amount| amount.net != Money::ZERO).map(|amount| {
            let label = if back { "Avoir" } else { self.title };
            let account = if self.advance { comptes.acomptes() } else { comptes.ventes(amount.rate) };
            line(account, None, label.to_owned(), amount.net, false)
        });
        let vat = self.amounts.iter().filter(|amount| amount.vat != Money::ZERO).map(|amount| {
            line(comptes.tva(amount.rate), None, if back { "Avoir".into() } else { "TVA".into() }, amount.vat, false)
        });
        // The VAT of a deposit was booked with it, at the rate that has VAT.
        let rate = self.amounts.iter().rfind(|amount| amount.vat != Money::ZERO).map_or(0, |amount| amount.rate);
        let taken = [(comptes.acomptes(), deducted.net), (comptes.tva(rate), deducted.vat)];
        let taken = taken.into_iter().filter(|(_, amount)| *amount != Money::ZERO);
        let taken = taken.map(|(account, amount)| line(account, None, "Acompte déduit".into(), -amount, false));
        let sold: Vec<Ligne> = sales.chain(vat).chain(taken).collect();
        // The deposits may have paid it all.
        let client = Some(client).filter(|client| client.debit != client.credit);
        let lines: Vec<Ligne> =
            if back { sold.into_iter().chain(client).collect() } else { client.into_iter().chain(sold).collect() };
        Ecriture {
            journal: Journal::Ventes,
            day: self.day.to_owned(),
            piece_ref: self.number.to_owned(),
            piece_day: self.day.to_owned(),
            lines,
        }
    }
}

/// Money that came in, or that went back.
pub struct Reglement<'a> {
    pub day: &'a str,
    pub mode: Option<&'a str>,
    pub reference: &'a str,
    /// What each payer's account gets. Negative: the payment was taken back.
    pub shares: Vec<(&'a Tiers, Money)>,
}

impl Reglement<'_> {
    /// The entry: the bank on one side, the payers on the other.
    pub fn book(&self, comptes: &Comptes) -> Ecriture {
        let total: Money = self.shares.iter().map(|(_, amount)| *amount).sum();
        let back = total < Money::ZERO;
        let line = |compte: Compte, auxiliary, label: &str, amount: Money, received: bool| {
            let size = if amount < Money::ZERO { -amount } else { amount };
            let (debit, credit) =
                if received == (amount >= Money::ZERO) { (size, Money::ZERO) } else { (Money::ZERO, size) };
            let label = label.to_owned();
            Ligne { account: compte.number, account_label: compte.label, auxiliary, label, debit, credit }
        };
        let word = if back { "Impayé" } else { "Règlement" };
        let bank = line(comptes.banque(self.mode), None, &self.bank_label(back), total, true);
        let paid =
            self.shares.iter().map(|(tiers, amount)| line(comptes.clients(), tiers.auxiliary(), word, *amount, false));
        let paid: Vec<Ligne> = paid.collect();
        let lines = if back { paid.into_iter().chain([bank]).collect() } else { [vec![bank], paid].concat() };
        Ecriture {
            journal: Journal::Banque,
            day: self.day.to_owned(),
            piece_ref: self.reference.to_owned(),
            piece_day: self.day.to_owned(),
            lines,
        }
    }

    /// The word of the mode, with a capital letter.
    fn bank_label(&self, back: bool) -> String {
        let mode = self.mode.filter(|mode| !back && !mode.is_empty());
        let Some(mode) = mode else { return if back { "Impayé" } else { "Règlement" }.to_owned() };
        let mut letters = mode.chars();
        let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
        first + letters.as_str()
    }
}

impl Ecriture {
    /// Is its debit equal to its credit, and every line on one side only?
    pub fn balanced(&self) -> bool {
        let sum = |of: fn(&Ligne) -> Money| self.lines.iter().map(of).sum::<Money>();
        let one_side = |line: &Ligne| {
            let zero = [line.debit, line.credit].into_iter().filter(|amount| *amount == Money::ZERO).count();
            zero == 1 && line.debit >= Money::ZERO && line.credit >= Money::ZERO
        };
        sum(|line| line.debit) == sum(|line| line.credit) && self.lines.len() > 1 && self.lines.iter().all(one_side)
    }

    /// The sum of its debits.
    pub fn debit(&self) -> Money {
        self.lines.iter().map(|line| line.debit).sum()
    }
}
