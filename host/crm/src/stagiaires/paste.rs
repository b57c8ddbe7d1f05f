//! Reads rows that were pasted from a spreadsheet. Columns are recognised by a header or by what is in them.

use afpi_core::clock::{Day, MONTHS};
use afpi_core::text::{Text, fold, text};
use chrono::{Datelike, NaiveDate};
use csv::ReaderBuilder;

use super::input::Status;

/// What a column can hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::IntoStaticStr, strum::VariantArray)]
#[strum(serialize_all = "camelCase")]
pub enum Column {
    LastName,
    FirstName,
    /// First and last name in one cell.
    Name,
    BirthDate,
    Email,
    Phone,
    Company,
    Function,
    Status,
    Needs,
}

impl Column {
    /// Headings in their folded form, without spaces.
    fn headings(self) -> &'static [&'static str] {
        match self {
            Column::LastName => {
                &["nom", "nomdefamille", "nomdusage", "nomdenaissance", "lastname", "surname", "familyname"]
            }
            Column::FirstName => &["prenom", "prenoms", "firstname", "givenname"],
            Column::Name => &[
                "nometprenom",
                "nomprenom",
                "prenomnom",
                "prenometnom",
                "stagiaire",
                "stagiaires",
                "participant",
                "nomcomplet",
                "name",
                "fullname",
            ],
            Column::BirthDate => &[
                "datedenaissance",
                "naissance",
                "datenaissance",
                "neele",
                "nele",
                "ddn",
                "birthdate",
                "dateofbirth",
                "birth",
            ],
            Column::Email => &["email", "e-mail", "mail", "courriel", "adressemail", "adressee-mail", "adresseemail"],
            Column::Phone => &["telephone", "tel", "tel.", "portable", "mobile", "numerodetelephone", "phone", "gsm"],
            Column::Company => &["entreprise", "societe", "employeur", "raisonsociale", "company", "employer"],
            Column::Function => &["fonction", "poste", "emploi", "metier", "function", "job", "position"],
            Column::Status => &["statut", "status", "situation"],
            Column::Needs => {
                &["besoins", "besoinsparticuliers", "besoinsspecifiques", "amenagements", "handicap", "needs"]
            }
        }
    }
}

/// A row, by its columns.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Row {
    /// The line of the text where it begins, from 1.
    pub line: u64,
    pub last_name: String,
    pub first_name: String,
    pub birth_date: String,
    pub email: String,
    pub phone: String,
    pub company: String,
    pub function: String,
    pub status: String,
    pub needs: String,
}

/// Pasted rows.
#[derive(Debug)]
pub struct Pasted {
    /// The headings, if the first line has some.
    pub header: Option<Vec<String>>,
    /// None for a column that is left out.
    pub columns: Vec<Option<Column>>,
    pub rows: Vec<Row>,
}

/// Reads pasted rows. Empty lines are left out.
pub fn read(pasted: &str) -> Pasted {
    let pasted = pasted.trim_start_matches('\u{feff}');
    let mut reader = ReaderBuilder::new()
        .delimiter(delimiter(pasted))
        .has_headers(false)
        .flexible(true)
        .from_reader(pasted.as_bytes());
    let mut lines: Vec<(u64, Vec<String>)> = Vec::new();
    // The text is UTF-8 in memory, so any of it forms records.
    for record in reader.records().flatten() {
        let line = record.position().map_or(0, |at| at.line() + blank(pasted, at.byte()));
        let cells: Vec<String> = record.iter().map(cell).collect();
        if cells.iter().any(|cell| !cell.is_empty()) {
            lines.push((line, cells));
        }
    }
    let named = lines.first().map(|(_, cells)| by_heading(cells)).filter(|columns| is_header(columns));
    let (header, columns) = match named {
        Some(columns) => (Some(lines.remove(0).1), columns),
        None => (None, by_content(&lines.iter().map(|(_, cells)| cells.as_slice()).collect::<Vec<_>>())),
    };
    let rows = lines.into_iter().map(|(line, cells)| row(line, &columns, cells)).collect();
    Pasted { header, columns, rows }
}

/// The empty lines at this byte. The reader skips them, and its position is before them.
fn blank(text: &str, at: u64) -> u64 {
    let rest = usize::try_from(at).ok().and_then(|at| text.get(at..)).unwrap_or_default();
    rest.chars().take_while(|c| matches!(c, '\n' | '\r')).filter(|c| *c == '\n').count() as u64
}

/// One line without marks that turn or hide text.
fn cell(text: &str) -> String {
    afpi_text::line(&afpi_text::salvage(text))
}

/// The delimiter that most lines have: a tab, a semicolon or a comma. Without one there is one column.
fn delimiter(text: &str) -> u8 {
    let lines = text.lines().filter(|line| !line.trim().is_empty()).count();
    let with = |mark: char| text.lines().filter(|line| line.contains(mark)).count();
    let marks = [('\t', b'\t'), (';', b';'), (',', b',')];
    // When counts are equal, the first one wins: commas also stand within cells.
    let found = marks.iter().rev().filter(|(mark, _)| with(*mark) * 2 > lines).max_by_key(|(mark, _)| with(*mark));
    found.map_or(b'\t', |(_, byte)| *byte)
}

fn by_heading(cells: &[String]) -> Vec<Option<Column>> {
    let mut taken = Vec::new();
    let of = |cell: &String| {
        let word: String = fold(cell).split_whitespace().collect();
        let column = all().find(|column| column.headings().contains(&word.as_str()) && !taken.contains(column))?;
        taken.push(column);
        Some(column)
    };
    cells.iter().map(of).collect()
}

fn all() -> impl Iterator<Item = Column> {
    <Column as strum::VariantArray>::VARIANTS.iter().copied()
}

/// A header names people, and at least half of its columns.
fn is_header(columns: &[Option<Column>]) -> bool {
    let known = columns.iter().flatten().count();
    let people = columns.iter().flatten().any(|column| matches!(column, Column::LastName | Column::Name));
    people && known * 2 >= columns.len()
}

/// Does a cell hold this kind of value?
type Test = fn(&str) -> bool;

/// Columns by what most of their cells hold. Of the texts, the first ones are names, then come company and function.
fn by_content(rows: &[&[String]]) -> Vec<Option<Column>> {
    let width = rows.iter().map(|row| row.len()).max().unwrap_or_default();
    let column = |at: usize| rows.iter().filter_map(move |row| row.get(at)).filter(|cell| !cell.is_empty());
    let most = |at: usize, test: Test| {
        let (all, fit) = (column(at).count(), column(at).filter(|cell| test(cell)).count());
        fit * 2 > all
    };
    let mut columns: Vec<Option<Column>> = Vec::with_capacity(width);
    let mut texts = Vec::new();
    for at in 0..width {
        let kinds: [(Column, Test); 4] = [
            (Column::Email, |cell| cell.contains('@')),
            (Column::BirthDate, |cell| day(cell).is_some()),
            (Column::Phone, is_phone),
            (Column::Status, |cell| status(cell).is_some()),
        ];
        let kind = kinds.into_iter().find(|(kind, test)| !columns.contains(&Some(*kind)) && most(at, *test));
        columns.push(kind.map(|(kind, _)| kind));
        let letters = |cell: &str| cell.chars().any(char::is_alphabetic) && !is_title(cell);
        if kind.is_none() && most(at, letters) {
            texts.push(at);
        }
    }
    let shouted = |at: &usize| most(*at, |cell| !fold(cell).is_empty() && !cell.chars().any(char::is_lowercase));
    let names = match texts[..] {
        [] => vec![],
        [_] => vec![Column::Name],
        // « Prénom NOM » is told by its capitals.
        [first, second, ..] if shouted(&second) && !shouted(&first) => vec![Column::FirstName, Column::LastName],
        _ => vec![Column::LastName, Column::FirstName],
    };
    let order = names.into_iter().chain([Column::Company, Column::Function]);
    for (at, kind) in texts.into_iter().zip(order) {
        columns[at] = Some(kind);
    }
    columns
}

fn is_title(cell: &str) -> bool {
    matches!(fold(cell).as_str(), "m" | "m." | "mr" | "mme" | "mlle" | "monsieur" | "madame" | "ms" | "mrs")
}

fn is_phone(cell: &str) -> bool {
    let digits = cell.chars().filter(char::is_ascii_digit).count();
    (8..=15).contains(&digits) && cell.chars().all(|c| c.is_ascii_digit() || " +.-/()\u{a0}\u{202f}".contains(c))
}

fn row(line: u64, columns: &[Option<Column>], cells: Vec<String>) -> Row {
    let mut row = Row { line, ..Row::default() };
    for (column, cell) in columns.iter().zip(cells) {
        match column {
            Some(Column::LastName) => row.last_name = cell,
            Some(Column::FirstName) => row.first_name = cell,
            Some(Column::Name) => (row.first_name, row.last_name) = parted(&cell),
            Some(Column::BirthDate) => row.birth_date = cell,
            Some(Column::Email) => row.email = cell,
            Some(Column::Phone) => row.phone = cell,
            Some(Column::Company) => row.company = cell,
            Some(Column::Function) => row.function = cell,
            Some(Column::Status) => row.status = cell,
            Some(Column::Needs) => row.needs = cell,
            None => {}
        }
    }
    row
}

/// First and last name of « DUPONT Jean », « Jean DUPONT », « Dupont, Jean » and « Jean Dupont ».
fn parted(name: &str) -> (String, String) {
    if let Some((last, first)) = name.split_once(',') {
        return (first.trim().to_owned(), last.trim().to_owned());
    }
    let words: Vec<&str> = name.split_whitespace().filter(|word| !is_title(word)).collect();
    let loud = |word: &&str| word.chars().filter(|c| c.is_alphabetic()).count() > 1 && *word == word.to_uppercase();
    let (last, first): (Vec<&str>, Vec<&str>) = words.iter().partition(|word| loud(word));
    if !last.is_empty() && !first.is_empty() {
        return (first.join(" "), last.join(" "));
    }
    match words.split_first() {
        Some((first, rest)) => ((*first).to_owned(), rest.join(" ")),
        None => (String::new(), String::new()),
    }
}

/// A day as people write it: `02/01/1990`, `2.1.90`, `1990-01-02`, `2 janvier 1990`.
pub fn day(written: &str) -> Option<Day> {
    // Spreadsheets add the time of the day.
    let written = written.trim();
    let bare = written.rsplit_once(' ').filter(|(_, time)| time.contains(':')).map_or(written, |(day, _)| day);
    let folded = fold(bare).replace(['.', '-'], " ");
    let parts: Vec<&str> = folded.split_whitespace().collect();
    let [a, b, c] = parts[..] else { return None };
    let number = |text: &str| text.parse::<u32>().ok().filter(|_| text.bytes().all(|byte| byte.is_ascii_digit()));
    let month = |text: &str| {
        let named = || MONTHS.iter().position(|(fr, en)| fold(fr) == text || fold(en) == text);
        number(text).or_else(|| Some(named()? as u32 + 1))
    };
    let date = if a.len() == 4 {
        NaiveDate::from_ymd_opt(number(a)? as i32, month(b)?, number(c)?)
    } else {
        let day = number(a.trim_end_matches("er"))?;
        NaiveDate::from_ymd_opt(year(number(c)?, c.len())?, month(b)?, day)
    };
    date.map(Day::from)
}

/// A year of two digits lies in the past.
fn year(number: u32, digits: usize) -> Option<i32> {
    let today = Day::today().date().year();
    match digits {
        4 => Some(number as i32),
        2 => Some(if 2000 + number as i32 > today { 1900 } else { 2000 } + number as i32),
        _ => None,
    }
}

/// A status as people write it.
pub fn status(written: &str) -> Option<Status> {
    let word: String = fold(written).chars().filter(|c| c.is_alphabetic()).collect();
    Some(match word.as_str() {
        "salarie" | "salariee" | "employe" | "employee" | "cdi" | "cdd" => Status::Salarie,
        "demandeurdemploi" | "demandeusedemploi" | "demandeuremploi" | "de" | "jobseeker" => Status::DemandeurEmploi,
        "alternant" | "alternante" | "apprenti" | "apprentie" | "apprentice" => Status::Alternant,
        "interimaire" | "interim" | "temporaryworker" => Status::Interimaire,
        "independant" | "independante" | "selfemployed" => Status::Independant,
        "particulier" | "particuliere" | "privateperson" => Status::Particulier,
        "autre" | "other" => Status::Autre,
        _ => return None,
    })
}

/// Why a written day is not read.
pub fn no_day() -> Text {
    text("Ce n'est pas une date (attendu : 31/12/1990).", "This is no date (expected: 31/12/1990).")
}

/// Why a written status is not read.
pub fn no_status() -> Text {
    text("Statut inconnu.", "Unknown status.")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn people(pasted: &str) -> Vec<(String, String)> {
        read(pasted).rows.into_iter().map(|row| (row.first_name, row.last_name)).collect()
    }

    fn pair(first: &str, last: &str) -> (String, String) {
        (first.into(), last.into())
    }

    #[test]
    fn a_header_names_the_columns() {
        let read = read("Nom\tPrénom\tDate de naissance\tE-mail\n\nMARTIN\tZoé\t02/01/1990\tz@example.fr\n");
        assert_eq!(
            read.columns,
            [Some(Column::LastName), Some(Column::FirstName), Some(Column::BirthDate), Some(Column::Email)]
        );
        assert_eq!(read.rows.len(), 1);
        assert_eq!((read.rows[0].line, read.rows[0].last_name.as_str()), (3, "MARTIN"));
    }

    #[test]
    fn without_a_header_columns_are_told_by_their_content() {
        let read =
            read("M.;Zoé;MARTIN;06 12 34 56 78;z@example.fr;2/1/90;Forges SA\nMme;Ali;BEN;;a@example.fr;;Forges SA\n");
        assert_eq!(
            read.columns,
            [
                None,
                Some(Column::FirstName),
                Some(Column::LastName),
                Some(Column::Phone),
                Some(Column::Email),
                Some(Column::BirthDate),
                Some(Column::Company),
            ]
        );
        assert!(read.header.is_none());
        assert_eq!(read.rows[1].company, "Forges SA");
    }

    #[test]
    fn one_column_is_the_whole_name() {
        assert_eq!(
            people("LE GOFF Zoé\nAli BEN\nDurand, Anne\nJean de la Tour\nMme Anne PETIT"),
            [
                pair("Zoé", "LE GOFF"),
                pair("Ali", "BEN"),
                pair("Anne", "Durand"),
                pair("Jean", "de la Tour"),
                pair("Anne", "PETIT"),
            ]
        );
        assert_eq!(people("Martin\tZoé"), [pair("Zoé", "Martin")]);
    }

    #[test]
    fn days_are_read_as_french_people_write_them() {
        for written in
            ["02/01/1990", "2/1/90", "02.01.1990", "2-1-1990", "1990-01-02", "2 janvier 1990", "02/01/1990 00:00"]
        {
            assert_eq!(day(written).map(|day| day.to_string()).as_deref(), Some("1990-01-02"), "{written}");
        }
        assert_eq!(day("1er février 2001").map(|day| day.to_string()).as_deref(), Some("2001-02-01"));
        for wrong in ["", "31/02/1990", "1990", "02/13/1990", "x/y/z", "2/1/199"] {
            assert_eq!(day(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn any_text_is_read_without_harm() {
        for text in ["\"", "\"a\nb", "\t\t\t", ";", "\u{202e}abc\t\u{0}x", "a,b\n\"c"] {
            read(text);
        }
    }
}
