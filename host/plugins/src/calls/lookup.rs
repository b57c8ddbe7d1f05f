//! `afpi:plugin/lookup`: finds companies in a directory elsewhere, while somebody types.

use super::handle;
use crate::bound::within;
use crate::contract::lookup::{Company, Query};
use crate::facets::Lookup as Exports;
use crate::failure::{PluginFailure, Stop};
use crate::state::CallContext;

/// The largest number of companies in one answer, as in `wit/plugin/lookup.wit`.
const MOST_COMPANIES: usize = 10;
/// The largest number of collective agreements of a company.
const MOST_IDCC: usize = 20;
/// The longest text, in bytes.
const LONGEST_TEXT: usize = 200;

handle! {
    /// A plugin of a site that looks companies up.
    LookupPlugin
}

impl LookupPlugin {
    /// The companies that fit, the best first: at most 10, each with a name and a number of the right form.
    pub async fn find(&self, context: &CallContext, query: &Query) -> Result<Vec<Company>, PluginFailure> {
        let limits = self.0.shared.policy.lookup_limits(self.0.seat.plugin.manifest());
        let mut call = self.0.open_limited::<Exports>("find", context, limits).await?;
        let wall = call.wall();
        let (exports, store) = call.parts();
        let answer = within(wall, exports.afpi_plugin_lookup().call_find(store, query)).await;
        let answer = answer.and_then(|said| match said.as_deref().map(judge) {
            Ok(Err(wrong)) => Err(Stop::WrongAnswer(wrong).into()),
            _ => Ok(said),
        });
        call.end_acting(answer).await
    }
}

fn judge(companies: &[Company]) -> Result<(), &'static str> {
    if companies.len() > MOST_COMPANIES {
        return Err("it found more than 10 companies");
    }
    companies.iter().try_for_each(judge_one)
}

fn judge_one(company: &Company) -> Result<(), &'static str> {
    let digits = |text: &str, length| text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit());
    if company.name.trim().is_empty() || !digits(&company.siret, 14) {
        return Err("a company has no name, or no SIRET of 14 digits");
    }
    let address = &company.address;
    let texts = [
        &company.name,
        &company.vat_number,
        &company.naf_code,
        &company.naf_nomenclature,
        &address.line1,
        &address.line2,
        &address.postcode,
        &address.city,
        &address.country,
    ];
    if texts.iter().any(|text| text.len() > LONGEST_TEXT || text.contains(char::is_control)) {
        return Err("a text of a company is no line of at most 200 bytes");
    }
    if company.idcc.len() > MOST_IDCC || !company.idcc.iter().all(|code| digits(code, 4)) {
        return Err("the agreements of a company are not at most 20 codes of four digits");
    }
    if company.headcount.as_ref().is_some_and(|count| count.most.is_some_and(|most| most < count.least)) {
        return Err("a number of employees ends before it begins");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::lookup::{Address, Headcount};

    fn company() -> Company {
        Company {
            name: "Ateliers de l’Oise".into(),
            siret: "73282932000074".into(),
            vat_number: String::new(),
            naf_code: "25.62B".into(),
            naf_nomenclature: "NAF rév. 2".into(),
            address: Address {
                line1: "3 rue des Forges".into(),
                line2: String::new(),
                postcode: "60000".into(),
                city: "Beauvais".into(),
                country: "FR".into(),
            },
            idcc: vec!["3248".into()],
            headcount: Some(Headcount { least: 20, most: Some(49) }),
            closed: false,
        }
    }

    #[test]
    fn an_answer_names_few_companies_with_texts_that_fit_a_form() {
        assert_eq!(judge(&[]), Ok(()));
        assert_eq!(judge(&vec![company(); 10]), Ok(()));
        assert!(judge(&vec![company(); 11]).is_err());
        let address = |line1: String| Address { line1, ..company().address };
        let headcount = |least, most| Some(Headcount { least, most: Some(most) });
        for wrong in [
            Company { name: " ".into(), ..company() },
            Company { name: "A\nB".into(), ..company() },
            Company { name: "é".repeat(101), ..company() },
            Company { siret: String::new(), ..company() },
            Company { siret: "732 829 320 00074".into(), ..company() },
            Company { siret: "٧٣٢٨٢٩٣".into(), ..company() },
            Company { address: address("x".repeat(201)), ..company() },
            Company { address: address("a\u{0}".into()), ..company() },
            Company { idcc: vec!["16".into()], ..company() },
            Company { idcc: vec!["0016".into(); 21], ..company() },
            Company { headcount: headcount(50, 20), ..company() },
        ] {
            assert!(judge(std::slice::from_ref(&wrong)).is_err(), "{wrong:?}");
        }
        assert_eq!(judge(&[Company { headcount: Some(Headcount { least: 10_000, most: None }), ..company() }]), Ok(()));
    }
}
