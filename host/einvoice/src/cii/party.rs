//! Parties: BG-4, BG-7 and the third party that pays.

use crate::model::{Contact, Party, Seller};
use crate::xml::Xml;

/// BG-4.
pub fn seller(seller: &Seller, xml: &mut Xml) {
    parts(&seller.party, seller.legal_text.as_deref(), seller.tax_registration.as_deref(), xml);
}

/// BG-7, or a payer.
pub fn write(party: &Party, xml: &mut Xml) {
    parts(party, None, None, xml);
}

fn parts(party: &Party, legal_text: Option<&str>, tax_registration: Option<&str>, xml: &mut Xml) {
    if let Some(siret) = &party.siret {
        xml.text_of("ram:GlobalID", &[("schemeID", "0009")], siret);
    }
    xml.text("ram:Name", &party.name);
    xml.option("ram:Description", legal_text);
    if let Some(siren) = &party.siren {
        xml.group("ram:SpecifiedLegalOrganization", |xml| xml.text_of("ram:ID", &[("schemeID", "0002")], siren));
    }
    if let Some(of) = &party.contact {
        xml.group("ram:DefinedTradeContact", |xml| contact(of, xml));
    }
    xml.group("ram:PostalTradeAddress", |xml| {
        xml.option("ram:PostcodeCode", party.address.postcode.as_deref());
        xml.option("ram:LineOne", party.address.line1.as_deref());
        xml.option("ram:LineTwo", party.address.line2.as_deref());
        xml.option("ram:CityName", party.address.city.as_deref());
        xml.text("ram:CountryID", &party.address.country);
    });
    if let Some(address) = &party.electronic_address {
        xml.group("ram:URIUniversalCommunication", |xml| {
            xml.text_of("ram:URIID", &[("schemeID", &address.scheme)], &address.value);
        });
    }
    for (scheme, number) in [("VA", party.vat_number.as_deref()), ("FC", tax_registration)] {
        if let Some(number) = number {
            xml.group("ram:SpecifiedTaxRegistration", |xml| xml.text_of("ram:ID", &[("schemeID", scheme)], number));
        }
    }
}

fn contact(contact: &Contact, xml: &mut Xml) {
    xml.option("ram:PersonName", contact.name.as_deref());
    if let Some(phone) = &contact.phone {
        xml.group("ram:TelephoneUniversalCommunication", |xml| xml.text("ram:CompleteNumber", phone));
    }
    if let Some(email) = &contact.email {
        xml.group("ram:EmailURIUniversalCommunication", |xml| xml.text("ram:URIID", email));
    }
}
