//! A mail as the timeline shows it. What the world sends is broken in many ways: whatever can be read is taken, texts are
//! cut to their limits, and nothing of it is markup.

use afpi_core::clock::Instant;
use afpi_core::email;
use bytes::Bytes;
use mail_parser::decoders::html::html_to_text;
use mail_parser::{Addr, Address, Message, MessageParser, MessagePart, MimeHeaders, PartType};

/// The most characters of a text. The whole mail stays with its sender.
pub const TEXT: usize = 15_000;
/// The most characters of a subject.
const SUBJECT: usize = 300;
/// The most characters of an address with its name.
const PARTY: usize = 400;
/// The most addresses that are looked at and shown.
const PARTIES: usize = 50;
/// The most files of a mail that are taken.
const FILES: usize = 20;
/// The lines at the beginning of a forwarded text in which its addresses stand.
const QUOTED: usize = 80;

/// A mailbox in a header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Party {
    pub name: String,
    /// As written.
    pub address: String,
}

impl Party {
    /// `Name <address>`, cut to its column.
    pub fn shown(&self) -> String {
        let whole = if self.name.is_empty() || self.name == self.address {
            self.address.clone()
        } else {
            format!("{} <{}>", self.name, self.address)
        };
        whole.chars().take(PARTY).collect()
    }
}

/// A file of a mail.
#[derive(Debug, Clone)]
pub struct Enclosure {
    pub name: String,
    pub content: Bytes,
}

/// A mail.
#[derive(Debug, Clone, Default)]
pub struct Mail {
    /// Of its header `From`. A mail of several authors has none that could be judged.
    pub from: Option<Party>,
    pub recipients: Vec<Party>,
    pub subject: String,
    pub text: String,
    /// Is the text longer?
    pub cut: bool,
    /// As its header says; a mail may say anything.
    pub sent_at: Option<Instant>,
    pub message_id: Option<String>,
    pub files: Vec<Enclosure>,
    /// What servers said of its sender, the newest first: the values of `Authentication-Results`.
    pub results: Vec<String>,
    /// The mail that it carries as a file: somebody forwarded it.
    pub carried: Option<Box<Mail>>,
    /// The addresses of a mail that its text quotes: somebody forwarded it.
    pub quoted: Vec<Party>,
}

/// Reads a mail. None when it is no mail at all.
pub fn read(raw: &[u8]) -> Option<Mail> {
    let message = MessageParser::default().parse(raw)?;
    // Bytes without a header are read as a body by the parser.
    let mail = of(&message, true);
    mail.from.is_some().then_some(mail)
}

fn of(message: &Message<'_>, outermost: bool) -> Mail {
    let from: Vec<Party> = parties(message.from()).collect();
    let mut texts: Vec<String> = (0..message.text_body_count()).filter_map(|at| text(message, at)).collect();
    if texts.is_empty() {
        // The body of a mail that breaks off is a part without a name.
        texts.extend(message.attachments().filter(|part| part.attachment_name().is_none()).filter_map(nameless));
    }
    let whole = printable(&texts.join("\n\n"));
    let mut text: String = whole.chars().take(TEXT).collect();
    let cut = text.len() < whole.len();
    text.truncate(text.trim_end().len());
    let carried = message.attachments().find_map(|part| match &part.body {
        PartType::Message(inner) if outermost => Some(Box::new(of(inner, false))),
        _ => None,
    });
    let date = message.date().filter(|date| date.is_valid());
    Mail {
        from: <[Party; 1]>::try_from(from).ok().map(|[one]| one),
        recipients: parties(message.to()).chain(parties(message.cc())).take(PARTIES).collect(),
        subject: afpi_text::salvage(message.subject().unwrap_or_default()).chars().take(SUBJECT).collect(),
        quoted: quoted(&text),
        text,
        cut,
        sent_at: date.map(|date| Instant::from_millis(date.to_timestamp().saturating_mul(1000))),
        message_id: message.message_id().map(str::to_owned),
        files: message.attachments().filter_map(enclosure).take(FILES).collect(),
        results: message
            .headers_raw()
            .filter(|(name, _)| name.eq_ignore_ascii_case("Authentication-Results"))
            .map(|(_, value)| value.to_owned())
            .collect(),
        carried,
    }
}

/// A part of the body as plain text. The parser reduces HTML.
fn text(message: &Message<'_>, at: usize) -> Option<String> {
    let text = message.body_text(at)?;
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}

fn nameless(part: &MessagePart<'_>) -> Option<String> {
    match &part.body {
        PartType::Text(text) => Some(text.to_string()),
        PartType::Html(html) => Some(html_to_text(html)),
        _ => None,
    }
}

/// Lines without control characters and hidden marks, with at most one empty line in a row.
fn printable(text: &str) -> String {
    let mut lines: Vec<String> = text.lines().map(afpi_text::salvage).collect();
    lines.dedup_by(|next, line| next.is_empty() && line.is_empty());
    lines.join("\n")
}

fn parties<'a>(header: Option<&'a Address<'a>>) -> impl Iterator<Item = Party> + 'a {
    header.into_iter().flat_map(Address::iter).filter_map(party)
}

fn party(addr: &Addr<'_>) -> Option<Party> {
    let address = email::tidy(addr.address.as_deref()?);
    let name = afpi_text::salvage(addr.name.as_deref().unwrap_or_default());
    email::is_address(&address).then_some(Party { name, address })
}

/// A file. Pictures that stand in the text are none: they are logos of signatures.
fn enclosure(part: &MessagePart<'_>) -> Option<Enclosure> {
    let content = match &part.body {
        PartType::Binary(bytes) => bytes.as_ref(),
        PartType::Text(text) | PartType::Html(text) => text.as_bytes(),
        PartType::InlineBinary(_) | PartType::Message(_) | PartType::Multipart(_) => return None,
    };
    let inside = part.content_id().is_some() && part.content_disposition().is_none_or(|it| it.is_inline());
    let name = afpi_files::tidy(&afpi_text::salvage(part.attachment_name()?));
    (!inside && !content.is_empty()).then(|| Enclosure { name, content: Bytes::copy_from_slice(content) })
}

/// The addresses in the header that mail programs write above a forwarded text, in French or English. Only its lines
/// count: an address in a signature says nothing.
fn quoted(text: &str) -> Vec<Party> {
    const LABELS: [&str; 10] = ["de", "from", "à", "to", "a", "cc", "pour", "copie à", "expéditeur", "destinataire"];
    let line = |line: &str| {
        let line = line.trim_start_matches(['>', ' ', '*', '|', '\u{a0}']);
        let (label, rest) = line.split_once(':')?;
        let label = label.trim_end_matches(['*', ' ', '\u{a0}']).to_lowercase();
        LABELS.contains(&label.as_str()).then(|| addresses(rest))
    };
    text.lines().take(QUOTED).filter_map(line).flatten().take(PARTIES).collect()
}

/// The addresses in a line, whatever stands around them.
fn addresses(line: &str) -> Vec<Party> {
    let around = |c: char| c.is_whitespace() || "<>()[],;\"'*|".contains(c);
    let words = line.split(around).map(email::tidy).filter(|word| word.contains('@') && email::is_address(word));
    let mut found: Vec<Party> = words.map(|address| Party { name: String::new(), address }).collect();
    found.dedup();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mail(text: &str) -> Mail {
        read(text.replace('\n', "\r\n").as_bytes()).unwrap()
    }

    #[test]
    fn html_becomes_text_and_nothing_of_it_runs() {
        let mail = mail(
            "From: Léa <lea@afpi.fr>\nTo: =?UTF-8?Q?Jos=C3=A9?= <jose@client.fr>, b@client.fr\nSubject: =?iso-8859-1?Q?Devis_=E9t=E9?=\n\
             Date: Mon, 02 Mar 2026 10:00:00 +0100\nMessage-ID: <1@x>\nContent-Type: text/html; charset=iso-8859-1\nContent-Transfer-Encoding: quoted-printable\n\n\
             <html><head><style>p{color:red}</style></head><body><p>Bonjour Jos=E9,</p><script>alert(1)</script><p>A &amp; B</p></body></html>\n",
        );
        assert_eq!(mail.subject, "Devis été");
        assert_eq!(
            mail.recipients.iter().map(Party::shown).collect::<Vec<_>>(),
            ["José <jose@client.fr>", "b@client.fr"]
        );
        assert!(mail.text.contains("Bonjour José,\n") && mail.text.contains("A & B"), "{}", mail.text);
        assert!(
            !mail.text.contains("alert") && !mail.text.contains('<') && !mail.text.contains("color"),
            "{}",
            mail.text
        );
        assert_eq!(mail.sent_at.unwrap().millis(), 1_772_442_000_000);
        assert_eq!(mail.message_id.as_deref(), Some("1@x"));
    }

    #[test]
    fn files_are_taken_and_pictures_in_the_text_are_not() {
        let mail = mail(
            "From: a@afpi.fr\nSubject: x\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nCi-joint.\n\
             --b\nContent-Type: image/png\nContent-ID: <logo>\nContent-Disposition: inline; filename=logo.png\nContent-Transfer-Encoding: base64\n\niVBORw0KGgo=\n\
             --b\nContent-Type: text/csv; name=\"../../etc/liste.csv\"\nContent-Disposition: attachment\n\na;b\n\
             --b\nContent-Type: application/pdf\nContent-Disposition: attachment; filename*=UTF-8''D%C3%A9tail.pdf\nContent-Transfer-Encoding: base64\n\nJVBERi0=\n--b--\n",
        );
        assert_eq!(mail.text, "Ci-joint.");
        let names: Vec<&str> = mail.files.iter().map(|file| file.name.as_str()).collect();
        assert_eq!(names.len(), 2, "{names:?}");
        assert!(names[0].ends_with("liste.csv") && !names[0].contains('/'), "{names:?}");
        assert_eq!((names[1], &mail.files[1].content[..]), ("Détail.pdf", &b"%PDF-"[..]));
    }

    #[test]
    fn a_forwarded_mail_is_found_as_a_file_and_in_the_text() {
        let carried = mail(
            "From: a@afpi.fr\nSubject: Fwd\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: message/rfc822\n\n\
             From: Client <c@client.fr>\nTo: a@afpi.fr\nSubject: Question\n\nBonjour\n--b--\n",
        );
        let inner = carried.carried.unwrap();
        assert_eq!((inner.from.unwrap().address.as_str(), inner.text.as_str()), ("c@client.fr", "Bonjour"));

        let quoting = mail(
            "From: a@afpi.fr\nSubject: Tr\n\nVoir plus bas.\n\n-----Message d'origine-----\nDe : Client <c@client.fr>\nEnvoyé : lundi\n\
             À : a@afpi.fr\nCc\u{a0}: d@client.fr; e@client.fr\n\nBonjour, écrivez à autre@ailleurs.fr\nsite : x@y.fr\n",
        );
        let found: Vec<&str> = quoting.quoted.iter().map(|party| party.address.as_str()).collect();
        assert_eq!(found, ["c@client.fr", "a@afpi.fr", "d@client.fr", "e@client.fr"]);
    }

    #[test]
    fn broken_mails_are_read_as_far_as_they_go_or_not_at_all() {
        assert!(read(b"").is_none() && read(b"\0\0\xff\xfe").is_none() && read(b"no header at all").is_none());
        assert!(
            mail(
                "From: a@afpi.fr, b@afpi.fr\nSubject: two\n\nx\n".replace("a@afpi.fr, b@afpi.fr", "a@afpi.fr").as_str()
            )
            .from
            .is_some()
        );
        assert!(read(b"From: a@afpi.fr, b@afpi.fr\r\nSubject: two\r\n\r\nx").is_none(), "two authors");
        let open = mail(
            "From: a@afpi.fr\nContent-Type: multipart/mixed; boundary=never\n\n--never\nContent-Type: text/plain; charset=klingon\n\nLu\n",
        );
        assert_eq!(open.text, "Lu");
        let wrong = read(
            b"From: a@afpi.fr\r\nContent-Type: text/plain; charset=utf-8\r\n\r\ncaf\xe9 \x00\x1b[31m\xe2\x80\xaeabc",
        )
        .unwrap();
        assert!(
            wrong.text.starts_with("caf") && !wrong.text.contains(['\0', '\u{1b}', '\u{202e}']),
            "{:?}",
            wrong.text
        );
        // As deep as its makers like.
        let mut nested = String::from("From: a@afpi.fr\r\n");
        for at in 0..2_000 {
            nested += &format!("Content-Type: multipart/mixed; boundary=b{at}\r\n\r\n--b{at}\r\n");
        }
        assert!(read(nested.as_bytes()).is_some());
        let mut carried = String::new();
        for _ in 0..2_000 {
            carried += "From: a@afpi.fr\r\nContent-Type: message/rfc822\r\n\r\n";
        }
        assert!(read(carried.as_bytes()).is_some());
        let long = mail(&format!("From: a@afpi.fr\nSubject: {}\n\n{}\n", "s".repeat(5_000), "mot ".repeat(50_000)));
        assert!(long.cut && long.text.chars().count() <= TEXT && long.subject.chars().count() == SUBJECT);
    }
}
