//! Signatures of packed plugins: what they accept, and that they refuse everything else.

use afpi_plugin_manifest::{
    KeyError, Manifest, PrivateKey, PublicKey, SIGNATURE_SECTION, SectionError, SignatureError, Signed, bare, embed,
    embed_icon, extract, icon, sign, unsigned, verify,
};

const COMPONENT: &[u8] = b"\0asm\x0d\0\x01\0";

fn key(seed: u8) -> PrivateKey {
    PrivateKey::from_seed(&[seed; 32], "Atelier d’essai").unwrap()
}

fn manifest(version: &str) -> Manifest {
    let json = serde_json::json!({
        "id": "essai", "kind": "notifier", "version": version,
        "name": {"fr": "Essai", "en": "Trial"}, "description": {"fr": "Un essai.", "en": "A trial."},
    });
    Manifest::from_json(json.to_string().as_bytes()).unwrap()
}

fn packed(version: &str) -> Vec<u8> {
    let mut file = COMPONENT.to_vec();
    embed(&mut file, &manifest(version)).unwrap();
    file
}

fn signed() -> Vec<u8> {
    let mut file = packed("1.0.0");
    sign(&mut file, &key(1)).unwrap();
    file
}

/// A custom section as an attacker would add it.
fn section(name: &str, data: &[u8]) -> Vec<u8> {
    let body = [&[name.len() as u8], name.as_bytes(), data].concat();
    [&[0, body.len() as u8][..], &body].concat()
}

#[test]
fn what_was_signed_verifies_and_says_by_which_key() {
    let file = signed();
    let (ours, other) = (key(1).public(), key(2).public());
    let found = verify(&file, [&other, &ours]).unwrap();
    assert_eq!((found.key, found.bytes), (ours.id(), &packed("1.0.0")[..]));
    assert_eq!(extract(&file).unwrap(), manifest("1.0.0"));
    assert_eq!(unsigned(&file).unwrap(), packed("1.0.0"));
    assert_eq!(bare(&file).unwrap(), COMPONENT);
    assert!(matches!(verify(&file, [&other]), Err(SignatureError::UnknownKey(id)) if id == ours.id()));
    assert!(matches!(Signed::read(&packed("1.0.0")), Ok(None)));
    assert!(matches!(verify(&packed("1.0.0"), [&ours]), Err(SignatureError::Unsigned)));
}

#[test]
fn a_file_with_any_bit_changed_does_not_verify() {
    let (file, ours) = (signed(), key(1).public());
    for at in 0..file.len() {
        for bit in 0..8 {
            let mut changed = file.clone();
            changed[at] ^= 1 << bit;
            assert!(verify(&changed, [&ours]).is_err(), "bit {bit} of byte {at}");
        }
    }
}

#[test]
fn a_file_cut_anywhere_does_not_verify() {
    let (file, ours) = (signed(), key(1).public());
    for end in 0..file.len() {
        assert!(verify(&file[..end], [&ours]).is_err(), "cut at {end}");
    }
}

#[test]
fn nothing_can_be_added_swapped_or_carried_over() {
    let (file, ours) = (signed(), key(1).public());
    let with = |more: &[u8]| [&file[..], more].concat();
    assert!(matches!(verify(&with(&section("note", b"x")), [&ours]), Err(SignatureError::NotLast)));
    // The appended section is not a custom one: it is an empty list of exports.
    assert!(matches!(verify(&with(&[11, 1, 0]), [&ours]), Err(SignatureError::NotLast)));
    assert!(matches!(verify(&with(b"x"), [&ours]), Err(SignatureError::File(SectionError::NotAComponent(_)))));
    let own = &file[packed("1.0.0").len()..];
    assert!(matches!(verify(&with(own), [&ours]), Err(SignatureError::File(SectionError::Twice(SIGNATURE_SECTION)))));
    // The file has the signature of one version and the manifest of another.
    let swapped = [&packed("1.0.1")[..], own].concat();
    assert!(matches!(verify(&swapped, [&ours]), Err(SignatureError::Broken(_))));
    // The signature names a trusted key but was made with another key.
    let mut borrowed = packed("1.0.0");
    sign(&mut borrowed, &key(2)).unwrap();
    let id = borrowed.len() - 80;
    borrowed[id..id + 16].copy_from_slice(&file[id..id + 16]);
    assert!(matches!(verify(&borrowed, [&ours]), Err(SignatureError::Broken(_))));
    let unknown = [packed("1.0.0"), section(SIGNATURE_SECTION, &[2; 81])].concat();
    assert!(matches!(Signed::read(&unknown), Err(SignatureError::Malformed)));
    let short = [packed("1.0.0"), section(SIGNATURE_SECTION, &[1; 80])].concat();
    assert!(matches!(Signed::read(&short), Err(SignatureError::Malformed)));
}

#[test]
fn a_signed_file_is_not_changed_and_only_a_packed_one_is_signed() {
    let mut file = signed();
    assert!(matches!(sign(&mut file, &key(1)), Err(SignatureError::File(SectionError::Signed))));
    assert!(matches!(embed(&mut file, &manifest("2.0.0")), Err(SectionError::Signed)));
    assert!(matches!(embed_icon(&mut file, ICON.as_bytes()), Err(SectionError::Signed)));
    assert_eq!(file, signed());
    assert!(matches!(sign(&mut COMPONENT.to_vec(), &key(1)), Err(SignatureError::File(SectionError::Missing))));
}

#[test]
fn keys_are_lines_of_text_and_say_what_is_wrong_with_them() {
    let private = PrivateKey::generate("Organisme Exemple").unwrap();
    let text = private.to_text();
    let again: PrivateKey = text.parse().unwrap();
    assert_eq!(again.to_text(), text);
    let public: PublicKey = format!("{}\r\n", private.public()).parse().unwrap();
    assert_eq!((public.name(), public.id()), ("Organisme Exemple", again.public().id()));
    assert_eq!(public.id().to_string().len(), 32);
    let secret = text.split(' ').nth(2).unwrap();
    assert!(!format!("{private:?}").contains(secret));

    let refused = |text: &str| text.parse::<PublicKey>().unwrap_err();
    let digits = "a".repeat(64);
    assert_eq!(refused(&text), KeyError::NotPublic);
    assert_eq!(public.to_string().parse::<PrivateKey>().unwrap_err(), KeyError::NotPrivate);
    assert_eq!(refused("ssh-ed25519 AAAA"), KeyError::Format);
    assert_eq!(refused("afpi-key-v1"), KeyError::Format);
    assert_eq!(refused("afpi-key-v1 public 12 x"), KeyError::Digits);
    assert_eq!(refused(&format!("afpi-key-v1 public {} x", "é".repeat(64))), KeyError::Digits);
    assert_eq!(refused(&format!("afpi-key-v1 public {} x", "0".repeat(64))), KeyError::Unusable);
    assert_eq!(format!("afpi-key-v1 private {digits}").parse::<PrivateKey>().unwrap_err(), KeyError::Name);
    assert_eq!(PrivateKey::generate("a\nb").unwrap_err(), KeyError::Name);
}

const ICON: &str = r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24">
  <defs><linearGradient id="a"><stop offset="0" stop-color="#124"/></linearGradient></defs>
  <path d="M0 0h24v24z" fill="url(#a)"/><use href="#b" x="1"/>
</svg>"##;

#[test]
fn an_icon_travels_with_the_plugin_under_its_signature() {
    let mut file = packed("1.0.0");
    assert_eq!(icon(&file).unwrap(), None);
    embed_icon(&mut file, ICON.as_bytes()).unwrap();
    assert!(matches!(embed_icon(&mut file, ICON.as_bytes()), Err(SectionError::Twice(_))));
    sign(&mut file, &key(1)).unwrap();
    assert_eq!(icon(&file).unwrap(), Some(ICON));
    verify(&file, [&key(1).public()]).unwrap();
    assert_eq!(bare(&file).unwrap(), COMPONENT);
}

#[test]
fn an_icon_that_could_do_more_than_draw_is_refused() {
    let around = |inside: &str| {
        format!("<svg xmlns='http://www.w3.org/2000/svg' xmlns:xlink='http://www.w3.org/1999/xlink'>{inside}</svg>")
    };
    let cases = [
        (around("<script>alert(1)</script>"), "<script>"),
        (around("<style>path{fill:url(//evil)}</style>"), "<style>"),
        (around("<image href='data:image/png;base64,AA'/>"), "<image>"),
        (around("<foreignObject/>"), "<foreignObject>"),
        (around("<a href='https://example.fr'/>"), "<a>"),
        (around("<use href='other.svg#x'/>"), "`href`"),
        (around("<use xlink:href='https://example.fr/x'/>"), "`href`"),
        (around("<path onload='x()'/>"), "`onload`"),
        (around("<path fill='URL( //example.fr/#a)'/>"), "`fill`"),
        (around("<path fill='u\\72l(//example.fr)'/>"), "`fill`"),
        (around("<path style='fill:red'/>"), "`style`"),
        (around("<set attributeName='href' to='javascript:x'/>"), "<set>"),
        (around("<h:script xmlns:h='http://www.w3.org/1999/xhtml'/>"), "<script>"),
        (format!("<?xml-stylesheet href='x'?>{}", around("")), "processing"),
        (format!("<!DOCTYPE svg [<!ENTITY a 'b'>]>{}", around("&a;")), "not an SVG"),
        ("<svg/>".to_owned(), "namespace"),
        ("PNG".to_owned(), "not an SVG"),
        (around(&" ".repeat(33_000)), "larger"),
    ];
    for (svg, complaint) in cases {
        let mut file = packed("1.0.0");
        let error = embed_icon(&mut file, svg.as_bytes()).expect_err(&svg).to_string();
        assert!(error.contains(complaint), "{svg}: {error}");
        assert_eq!(file, packed("1.0.0"));
    }
}
