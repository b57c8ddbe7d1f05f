//! What stands in documents: the worked amounts, the dates, what is missing, and that nothing makes the plugin fail.

mod support;

use afpi_plugin_documents::catalogue::KINDS;
use afpi_plugin_documents::missing::missing;
use afpi_plugin_documents::{Lang, Scene, compose, read};
use serde_json::{Value, json};
use support::{EXAMPLES, composed, credit, day, dossier, invoice, quote, scene, trainee, whole};

/// The invoice of a funder, of which only the name is known.
fn funded(dossier: Value) -> Value {
    let mut dossier = invoice(dossier);
    dossier["piece"]["payer"] = json!({"kind": "opco", "name": "OPCO 2i"});
    dossier
}

fn fields(kind: &str, dossier: &Value) -> Vec<String> {
    missing(kind, &scene(kind, dossier, "fr")).into_iter().map(|missing| missing.field).collect()
}

#[test]
fn amounts_of_a_mixed_quote() {
    let data = composed("devis", &quote(dossier()), "fr").data;
    assert_eq!(data["priced"]["lines"][0]["net"], "1\u{a0}592,50\u{a0}€");
    assert_eq!(data["priced"]["lines"][0]["quantity"], "35");
    assert_eq!(data["priced"]["lines"][0]["unit"], "h");
    let totals: Vec<_> = data["priced"]["totals"].as_array().unwrap().iter().map(|total| &total["value"]).collect();
    assert_eq!(totals, ["1\u{a0}665,82\u{a0}€", "14,66\u{a0}€", "1\u{a0}680,48\u{a0}€"]);
    assert_eq!(
        data["priced"]["vat"][0]["regime"],
        "TVA non applicable, exonération\u{a0}: article 261-4-4°\u{a0}a du CGI"
    );
    assert_eq!(data["doc"]["title"], "Devis D2026-42-v2");
}

#[test]
fn a_quote_stands_for_the_convention_only_when_it_says_all_of_it() {
    let mut dossier = quote(dossier());
    assert!(composed("devis", &dossier, "fr").data["convention"].as_str().unwrap().contains("D6353-1"));
    dossier["opportunite"]["data"]["collecte"]["modalite"] = json!("mixte");
    assert_eq!(composed("devis", &dossier, "fr").data["convention"], Value::Null);
}

/// An annex II mention of invoices that comes with electronic invoicing.
#[test]
fn an_invoice_names_the_nature_of_the_operation_since_september_2026() {
    let named = |day: &str| {
        let mut dossier = invoice(dossier());
        dossier["piece"]["issuedOn"] = json!(day);
        composed("facture", &dossier, "fr").data["facts"].to_string().contains("Prestation de services")
    };
    assert!(!named("2026-08-31"));
    assert!(named("2026-09-01"));
}

#[test]
fn a_quote_that_is_not_sent_shows_what_the_form_shows() {
    let (sent, drafted) = (composed("devis", &quote(dossier()), "fr"), composed("devis", &dossier(), "fr"));
    assert_eq!(sent.data["priced"], drafted.data["priced"]);
    assert_eq!(sent.file_name, "D2026-42-v2_Chaudronnerie-du-Beauvaisis");
}

#[test]
fn file_names_of_documents() {
    let name = |kind, dossier: &Value| composed(kind, dossier, "fr").file_name;
    assert_eq!(name("convention", &dossier()), "CONV-2026-118_Chaudronnerie-du-Beauvaisis");
    assert_eq!(name("programme", &dossier()), "PROG_TIG-35h_35h_v7");
    assert_eq!(name("convocation", &trainee(dossier())), "CONVOC_S-2026-118_DUPONT-Marie");
    assert_eq!(name("emargement", &day(dossier())), "EMARG_S-2026-118_2026-11-02");
    assert_eq!(name("facture", &invoice(dossier())), "F2026-3_Chaudronnerie-du-Beauvaisis");
    assert_eq!(name("relance-2", &invoice(dossier())), "REL2_F2026-3_Chaudronnerie-du-Beauvaisis");
}

#[test]
fn a_credit_note_shows_positive_amounts_on_paper_and_in_the_electronic_invoice() {
    let note = composed("avoir", &credit(dossier()), "fr");
    assert_eq!(note.data["priced"]["totals"][2]["value"], "318,50\u{a0}€");
    assert_eq!(note.data["priced"]["lines"][0]["price"], "318,50\u{a0}€");
    let model = note.invoice.unwrap();
    assert_eq!(model["kind"], "381");
    assert_eq!(model["totals"]["due"], 31_850);
    assert_eq!(model["preceding"], json!([{"number": "F2026-3", "issuedOn": "2026-11-28"}]));
    assert_eq!(model["lines"][0]["price"], 318_500_000);
    assert!(model.get("dueOn").is_none() && model.get("payment").is_none());
}

#[test]
fn the_electronic_invoice_has_the_amounts_of_the_printed_one() {
    let model = composed("facture", &invoice(dossier()), "fr").invoice.unwrap();
    assert_eq!(model["lines"][0]["quantity"], 350_000);
    assert_eq!(model["lines"][0]["unit"], "HUR");
    assert_eq!(model["lines"][0]["price"], 45_500_000);
    assert_eq!(model["vat"][0]["vat"], json!({"category": "E", "rate": 0}));
    assert_eq!(model["vat"][0]["reasonCode"], "VATEX-FR-CGI261-4");
    assert_eq!(model["vat"][1], json!({"vat": {"category": "S", "rate": 2000}, "base": 7332, "amount": 1466}));
    let totals = json!({
        "lines": 166_582, "allowances": 0, "net": 166_582, "vat": 1466, "total": 168_048, "prepaid": 0, "due": 168_048,
    });
    assert_eq!(model["totals"], totals);
    assert_eq!(model["order"], "BC-4512");
    assert_eq!(model["period"], json!({"from": "2026-11-02", "to": "2026-11-06"}));
    assert_eq!(model["buyer"]["electronicAddress"], json!({"scheme": "0225", "value": "732829320"}));
    assert_eq!(model["payment"]["iban"], "FR7630006000011234567890189");
}

#[test]
fn a_funder_without_siren_gets_a_printed_invoice_only() {
    let composition = composed("facture", &funded(dossier()), "fr");
    assert!(composition.invoice.is_none());
    assert_eq!(composition.data["addressee"]["name"], "OPCO 2i");
    assert_eq!(composition.data["addressee"]["lines"], json!([]));
    assert_eq!(composition.data["training"][1]["value"], "Chaudronnerie du Beauvaisis");
}

/// What is frozen has no `references`: the frozen object holds them.
#[test]
fn references_come_from_the_frozen_object() {
    let mut dossier = invoice(dossier());
    dossier["piece"]["references"] = Value::Null;
    dossier["piece"]["content"] = json!({"bonCommande": "BC-77"});
    assert_eq!(composed("facture", &dossier, "fr").invoice.unwrap()["order"], "BC-77");
}

/// #13: a discount of 10 % on a line of its own, which the standard wants as a discount on the document.
#[test]
fn a_negative_line_becomes_a_discount() {
    let mut dossier = invoice(dossier());
    dossier["piece"]["lines"] = json!([
        {"label": "Formation", "quantity": 35_000, "unit": "heure", "unitPrice": 4550, "net": 159_250, "rate": 0},
        {"label": "Remise 10 %", "quantity": 1000, "unit": "forfait", "unitPrice": -15_925, "net": -15_925, "rate": 0},
    ]);
    dossier["piece"]["amounts"] = json!([{"rate": 0, "net": 143_325, "vat": 0}]);
    dossier["piece"]["net"] = json!(143_325);
    dossier["piece"]["vat"] = json!(0);
    dossier["piece"]["total"] = json!(143_325);
    let composition = composed("facture", &dossier, "fr");
    assert_eq!(composition.data["priced"]["lines"][1]["net"], "−159,25\u{a0}€");
    let model = composition.invoice.unwrap();
    assert_eq!(model["lines"].as_array().unwrap().len(), 1);
    let discount = json!([{"amount": 15_925, "reason": "Remise 10 %", "vat": {"category": "E", "rate": 0}}]);
    assert_eq!(model["allowances"], discount);
    assert_eq!([&model["totals"]["lines"], &model["totals"]["net"]], [159_250, 143_325]);
}

/// #18, with the fee: 680,48 + 11,03 + 40,00.
#[test]
fn a_formal_notice_adds_penalties_and_the_fee() {
    let data = composed("relance-3", &invoice(dossier()), "fr").data;
    let sums: Vec<_> = data["sums"].as_array().unwrap().iter().map(|sum| sum["value"].as_str().unwrap()).collect();
    assert_eq!(sums, ["680,48\u{a0}€", "11,03\u{a0}€", "40,00\u{a0}€", "731,51\u{a0}€"]);
    let mut person = invoice(dossier());
    person["piece"]["payer"] = json!({"kind": "particulier", "name": "Marie Dupont"});
    let data = composed("relance-3", &person, "fr").data;
    assert_eq!(data["sums"].as_array().unwrap().last().unwrap()["value"], "680,48\u{a0}€");
    assert!(!data["paragraphs"].to_string().contains("40,00"));
}

/// The fee is due once per invoice, the penalty from the due day of each.
#[test]
fn one_letter_is_about_all_invoices_of_a_payer() {
    let letter = composed("relance-3", &support::several(dossier()), "fr");
    let (data, mail) = (letter.data, letter.mail.unwrap());
    let column = |name: &str| -> Vec<&str> {
        data["rows"].as_array().unwrap().iter().map(|row| row[name].as_str().unwrap()).collect()
    };
    assert_eq!(column("number"), ["F2026-1", "F2026-3", "F2026-7"], "the oldest first");
    assert_eq!(column("open"), ["1\u{a0}961,50\u{a0}€", "680,48\u{a0}€", "12\u{a0}400,00\u{a0}€"]);
    // 1 961,50 × 12,15 % × 63 / 365; #18; 12 400,00 × 12,15 % × 31 / 365.
    assert_eq!(column("penalty"), ["41,14\u{a0}€", "11,03\u{a0}€", "127,96\u{a0}€"]);
    assert_eq!(column("fee"), ["40,00\u{a0}€"; 3]);
    let sums: Vec<_> = data["sums"].as_array().unwrap().iter().map(|sum| sum["value"].as_str().unwrap()).collect();
    assert_eq!(sums, ["15\u{a0}041,98\u{a0}€", "180,13\u{a0}€", "120,00\u{a0}€", "15\u{a0}342,11\u{a0}€"]);
    let text = data["paragraphs"].to_string();
    assert!(text.contains("3 factures restent impayées") && text.contains("40,00\u{a0}€ par facture"), "{text}");
    assert!(text.contains("63 jours") && text.contains("15\u{a0}342,11"), "{text}");
    assert_eq!(data["bank"].as_array().unwrap().last().unwrap()["value"], "F2026-3, F2026-1, F2026-7");
    assert_eq!(letter.title, "Mise en demeure F2026-3 et 2 autres");
    assert_eq!(letter.file_name, "REL3_F2026-3-et-2-autres_Chaudronnerie-du-Beauvaisis");
    assert_eq!(mail.subject, "Mise en demeure – 3 factures impayées");
    assert!(mail.body.contains("le décompte des 3 factures"), "{}", mail.body);

    let first = composed("relance-1", &support::several(dossier()), "fr").data;
    assert_eq!(first["sums"].as_array().unwrap().len(), 1, "the sum, neither penalty nor fee");
    assert_eq!(first["rows"][0]["penalty"], "");
    let funder = composed("relance-3", &support::funder(dossier()), "fr").data;
    assert_eq!(funder["rows"][0]["file"], "2I-2026-0411");
    assert_eq!(funder["sums"].as_array().unwrap().last().unwrap()["value"], "15\u{a0}041,98\u{a0}€");
}

#[test]
fn a_funder_is_asked_for_what_it_waits_for() {
    let mut dossier = funded(dossier());
    dossier["piece"]["references"] = json!({"priseEnCharge": "2I-2026-0417"});
    let letter = composed("relance-3", &dossier, "fr");
    let text = letter.data["paragraphs"].to_string();
    assert!(text.contains("2I-2026-0417") && text.contains("Quelle pièce") && !text.contains("12,15"), "{text}");
    assert_eq!(letter.data["sums"].as_array().unwrap().last().unwrap()["value"], "680,48\u{a0}€");
    assert_eq!(letter.mail.unwrap().subject, "Deuxième rappel\u{a0}: facture F2026-3, 680,48\u{a0}€ à régler");
}

#[test]
fn a_credit_note_and_payments_lower_what_is_reminded_of() {
    let mut dossier = invoice(dossier());
    dossier["opportunite"]["data"]["facturation"] =
        json!({"factures": [{"nature": "avoir", "emiseLe": "2026-12-01", "corrige": "F2026-3", "totalTtc": -31_850}]});
    let data = composed("relance-1", &dossier, "fr").data;
    assert_eq!(data["rows"][0]["open"], "361,98\u{a0}€");
    dossier["payments"] = json!([
        {"pieceId": "0190", "paidOn": "2026-12-10", "amount": 100_000}, {"pieceId": "0190", "paidOn": "2026-12-15", "amount": -100_000},
    ]);
    assert_eq!(composed("relance-1", &dossier, "fr").data["rows"][0]["open"], "1\u{a0}361,98\u{a0}€");
}

#[test]
fn the_contract_asks_for_nothing_first_and_at_most_a_third_later() {
    let mut dossier = trainee(dossier());
    dossier["opportunite"]["data"]["devis"]["lignes"].as_array_mut().unwrap().truncate(1);
    let rows = composed("contrat", &dossier, "fr").data["schedule"].clone();
    let amounts: Vec<_> = rows.as_array().unwrap().iter().map(|row| row["amount"].as_str().unwrap()).collect();
    assert_eq!(amounts, ["0,00\u{a0}€", "477,75\u{a0}€", "371,59\u{a0}€", "371,58\u{a0}€", "371,58\u{a0}€"]);
}

#[test]
fn title_dates_and_times_are_the_same_everywhere() {
    let convention = composed("convention", &dossier(), "fr").data;
    let convocation = composed("convocation", &trainee(dossier()), "fr").data;
    assert_eq!(convention["planning"], convocation["planning"]);
    let sheet = composed("emargement", &day(dossier()), "fr").data;
    assert_eq!(sheet["days"][0]["parts"][0]["times"], convention["planning"][0]["morning"]);
    assert_eq!(sheet["days"][0]["title"], convention["planning"][0]["day"]);
    assert_eq!(sheet["facts"][0]["value"], convention["action"][0]["value"]);
}

#[test]
fn a_sheet_has_a_line_per_trainee_codes_for_absences_and_spare_lines() {
    let mut dossier = day(dossier());
    dossier["day"] = json!("2026-11-04");
    let sheet = composed("emargement", &dossier, "fr").data["days"][0].clone();
    let rows = sheet["rows"].as_array().unwrap();
    assert_eq!(rows.len(), 6);
    assert_eq!((&rows[2]["name"], &rows[2]["codes"]), (&json!("DUPONT Marie"), &json!(["", "E"])));
    dossier["stagiaires"] = json!([]);
    assert_eq!(composed("emargement", &dossier, "fr").data["days"][0]["rows"].as_array().unwrap().len(), 8);
}

#[test]
fn a_sheet_of_a_holiday_says_so() {
    let mut dossier = day(dossier());
    dossier["session"]["halfDays"][0]["day"] = json!("2026-11-11");
    dossier["day"] = json!("2026-11-11");
    let title = composed("emargement", &dossier, "fr").data["days"][0]["title"].clone();
    assert_eq!(title, "Mercredi 11\u{a0}novembre 2026 (Armistice de 1918)");
}

#[test]
fn a_certificate_counts_the_hours_done_and_ticks_one_nature() {
    let mut dossier = trainee(dossier());
    let data = composed("certificat", &dossier, "fr").data;
    assert_eq!(data["lasted"], "pour une durée de 31,50\u{a0}h");
    let ticked = |data: &Value| {
        let natures = data["natures"].as_array().unwrap().iter();
        natures.map(|nature| nature["ticked"].as_bool().unwrap()).collect::<Vec<_>>()
    };
    assert_eq!(ticked(&data), [true, false, false, false]);
    dossier["session"]["nature"] = json!("vae");
    assert_eq!(ticked(&composed("certificat", &dossier, "fr").data), [false, false, true, false]);
}

#[test]
fn every_rate_of_the_law_has_its_name() {
    let mut dossier = invoice(dossier());
    let rates = [0, 210, 550, 1000, 2000, 1960];
    dossier["piece"]["amounts"] =
        rates.iter().map(|rate| json!({"rate": rate, "net": 100, "vat": rate / 100})).collect();
    let data = composed("facture", &dossier, "fr").data;
    let names: Vec<_> = data["priced"]["vat"].as_array().unwrap().iter().map(|vat| &vat["regime"]).collect();
    let expected = ["Taux particulier", "Taux réduit", "Taux intermédiaire", "Taux normal", "TVA"];
    assert_eq!(names[1..], expected);
}

#[test]
fn letters_begin_and_end_as_letters_do() {
    let (first, last) =
        (composed("relance-1", &invoice(dossier()), "fr"), composed("relance-3", &invoice(dossier()), "fr"));
    assert_eq!((&first.data["greeting"], &first.data["sending"]), (&json!("Madame, Monsieur,"), &Value::Null));
    assert!(first.data["closing"].as_str().unwrap().contains("salutations distinguées"));
    assert_eq!(last.data["sending"], "Lettre recommandée avec avis de réception");
    assert_eq!(composed("relance-3", &funded(dossier()), "fr").data["sending"], Value::Null, "a funder is asked");
}

#[test]
fn a_person_without_employer_and_a_name_with_a_vowel() {
    let mut dossier = trainee(dossier());
    (dossier["stagiaire"]["company"], dossier["entreprise"]["name"]) = (Value::Null, Value::Null);
    let says = composed("attestation", &dossier, "fr").data["says"].clone();
    assert!(says.as_str().unwrap().contains("Marie DUPONT a suivi la formation"), "{says}");
    let mut quoted = quote(support::dossier());
    quoted["opportunite"]["data"]["collecte"]["contacts"][0]["nom"] = json!("Anne Leroy");
    assert_eq!(composed("devis", &quoted, "fr").data["addressee"]["lines"][0], "À l’attention d’Anne Leroy");
}

#[test]
fn an_invoice_tells_why_it_is_early_or_more_than_attendance() {
    let mut dossier = invoice(dossier());
    dossier["piece"]["references"] = json!({"motifAvance": "Clôture", "motifPresence": "Dédit prévu à la convention"});
    let data = composed("facture", &dossier, "fr").data;
    assert_eq!(data["advance"], "Émise avant la fin de la formation\u{a0}: Clôture");
    assert_eq!(data["beyond"], "Facturé au-delà des présences relevées\u{a0}: Dédit prévu à la convention");
}

/// Seven of 35 hours at a distance.
#[test]
fn mixed_training_tells_its_hours_by_mode() {
    let mut dossier = trainee(dossier());
    for session in ["/session", "/sessions/0"] {
        dossier.pointer_mut(session).unwrap()["remoteMinutes"] = json!(420);
    }
    let parts = "28,00\u{a0}h en présentiel et 7,00\u{a0}h à distance";
    let said = |kind: &str, dossier: &Value| composed(kind, dossier, "fr").data.to_string();
    let (convention, invitation) = (said("convention", &dossier), said("convocation", &dossier));
    assert!(convention.contains("20\u{a0}% (7,00\u{a0}h)") && convention.contains("Mixte"), "{convention}");
    assert!(invitation.contains(&format!("35,00\u{a0}h, dont {parts}")), "{invitation}");
    assert!(said("emargement", &dossier).contains(parts));
    dossier["stagiaire"]["remoteMinutesDone"] = json!(420);
    let certificate = composed("certificat", &dossier, "fr").data["lasted"].clone();
    let done = "pour une durée de 31,50\u{a0}h, dont 24,50\u{a0}h en présentiel et 7,00\u{a0}h à distance";
    assert_eq!(certificate, done);
    dossier["stagiaire"]["remoteMinutesDone"] = json!(0);
    assert_eq!(composed("certificat", &dossier, "fr").data["lasted"], "pour une durée de 31,50\u{a0}h");
}

#[test]
fn an_invoice_has_the_code_of_its_transfer() {
    let code = |dossier: &Value, kind: &str| composed(kind, dossier, "fr").data["qr"].clone();
    let alt = code(&invoice(dossier()), "facture")["alt"].clone();
    assert_eq!(alt, "QR code de virement SEPA\u{a0}: 1\u{a0}680,48\u{a0}€, référence F2026-3");
    assert_eq!(code(&credit(dossier()), "avoir"), Value::Null);
    let mut without = invoice(dossier());
    without["entite"]["iban"] = Value::Null;
    assert_eq!(code(&without, "facture"), Value::Null);
}

#[test]
fn documents_in_english() {
    let quote = composed("devis", &quote(dossier()), "en").data;
    assert_eq!(quote["doc"]["title"], "Quote D2026-42-v2");
    assert_eq!(quote["priced"]["totals"][2]["value"], "€1,680.48");
    assert!(quote["priced"]["vat"][0]["regime"].as_str().unwrap().starts_with("VAT exempt"));
    let certificate = composed("certificat", &trainee(dossier()), "en").data;
    assert!(certificate["translation"].as_str().unwrap().contains("French certificate alone"));
}

#[test]
fn a_whole_dossier_lacks_nothing() {
    let credited: support::Example = ("avoir", "avoir", credit);
    for (name, kind, patch) in EXAMPLES.into_iter().chain([credited]) {
        assert_eq!(fields(kind, &patch(dossier())), Vec::<String>::new(), "{name}");
    }
}

#[test]
fn what_is_missing_is_pointed_at() {
    let without = |kind: &str, patch: fn(Value) -> Value, pointer: &str| {
        let mut dossier = patch(dossier());
        *dossier.pointer_mut(pointer).unwrap() = Value::Null;
        fields(kind, &dossier)
    };
    assert_eq!(without("devis", quote, "/entite/nda"), ["/entite/nda"]);
    assert_eq!(without("facture", invoice, "/entite/siret"), ["/entite/siret"]);
    assert_eq!(without("facture", invoice, "/entite/iban"), Vec::<String>::new(), "no law wants it");
    assert_eq!(without("facture", invoice, "/piece/payer/company/city"), Vec::<String>::new(), "known meanwhile");
    assert_eq!(without("facture", funded, "/piece/payer/name"), ["/piece/payer/name"]);
    assert_eq!(without("avoir", credit, "/piece/correctsIssuedOn"), ["/piece/correctsIssuedOn"]);
    assert_eq!(without("convention", whole, "/entreprise/siret"), ["/entreprise/siret"]);
    assert_eq!(without("contrat", trainee, "/entite/mediator"), ["/entite/mediator"]);
    assert_eq!(without("convocation", trainee, "/site/rulesVersion"), ["/site/rulesVersion"]);
    assert_eq!(without("certificat", trainee, "/stagiaire/minutesDone"), ["/stagiaire/minutesDone"]);
    let mut unnoted = trainee(dossier());
    unnoted["stagiaire"]["attendance"] = json!([]);
    unnoted["stagiaire"]["minutesDone"] = json!(0);
    assert_eq!(fields("certificat", &unnoted), ["/stagiaire/attendance"]);
    assert_eq!(without("emargement", day, "/session/halfDays/0/start"), ["/session/halfDays"]);
    let mut later = trainee(dossier());
    later["session"]["halfDays"][9]["day"] = json!("2026-11-09");
    assert_eq!(fields("certificat", &later), ["/session/halfDays"]);
    let mut settled = invoice(dossier());
    settled["payments"][0]["amount"] = json!(168_048);
    assert_eq!(fields("relance-1", &settled), ["/piece/total"]);
}

#[test]
fn a_mode_that_hides_the_remote_share_is_asked_since_july_2025() {
    let mut dossier = dossier();
    dossier["opportunite"]["data"]["collecte"]["modalite"] = json!("mixte");
    let on = |day: &str| {
        let scene = Scene { day: day.parse().unwrap(), ..scene("convention", &dossier, "fr") };
        missing("convention", &scene).into_iter().map(|missing| missing.field).collect::<Vec<_>>()
    };
    assert_eq!(on("2025-06-30"), Vec::<String>::new());
    assert_eq!(on("2025-07-01"), ["/session/remoteMinutes"]);
}

#[test]
fn an_invoice_after_the_references_to_the_cgi_waits_for_its_wording() {
    let dossier = invoice(dossier());
    let on = |day: &str| missing("facture", &Scene { day: day.parse().unwrap(), ..scene("facture", &dossier, "fr") });
    assert!(on("2028-06-30").is_empty());
    assert_eq!(on("2028-07-01")[0].field, "/wording/tva-exoneration");
}

#[test]
fn a_draft_of_an_empty_dossier_is_possible_for_every_kind_but_reminders() {
    for kind in KINDS {
        for language in kind.languages {
            let dossier = read("{}").unwrap();
            let day = "2026-11-28".parse().unwrap();
            let scene = Scene { dossier, lang: Lang::of(language), draft: true, day };
            let composed = compose(kind.id, &scene);
            assert_eq!(composed.is_some(), !kind.id.starts_with("relance"), "{}", kind.id);
            assert!(!missing(kind.id, &scene).is_empty(), "{}", kind.id);
        }
    }
}

#[test]
fn mails_name_the_document_first_and_never_break_their_subject() {
    let mail = |kind, dossier: &Value| composed(kind, dossier, "fr").mail.unwrap();
    assert_eq!(
        mail("devis", &quote(dossier())).subject,
        "Devis D2026-42 – Soudage TIG – perfectionnement, 35,00\u{a0}h"
    );
    assert_eq!(mail("facture", &invoice(dossier())).subject, "Facture F2026-3 – échéance 28/12/2026");
    let convocation = mail("convocation", &trainee(dossier()));
    assert_eq!(
        convocation.subject,
        "Votre convocation\u{a0}: Soudage TIG – perfectionnement, 2–6\u{a0}novembre 2026, Beauvais"
    );
    assert!(convocation.body.starts_with("Bonjour Marie DUPONT,\n\n") && convocation.body.contains("Julie Marchand"));
    let mut broken = quote(dossier());
    broken["sessions"][0]["title"] = json!("Soudage\nBcc: tous@client.example");
    assert!(!mail("devis", &broken).subject.contains('\n'));
}

#[test]
fn a_dossier_that_is_none_says_why() {
    assert!(read("[").is_err());
    assert!(read(r#"{"piece": {"total": "beaucoup"}}"#).unwrap_err().contains("beaucoup"));
    assert!(read(r#"{"entite": null, "sessions": null, "unknown": 1}"#).is_ok());
}
