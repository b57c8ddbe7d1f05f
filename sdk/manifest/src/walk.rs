//! Walks the sections of a component file without a parser for what is in them: header, then id, length, body, to the
//! end.
//!
//! Only the component's own sections are seen, never those of the modules it nests, so a manifest hidden inside a
//! module is none. Everything else about the bytes is the engine's to judge, before anything runs.

use crate::SectionError;
use std::ops::Range;

/// Magic, and the version and layer of the component encoding.
const HEADER: &[u8] = b"\0asm\x0d\0\x01\0";
const MODULE_HEADER: &[u8] = b"\0asm\x01\0\0\0";
const CUSTOM: u8 = 0;

/// A custom section of the component itself.
pub(crate) struct Custom<'a> {
    pub name: &'a [u8],
    pub data: &'a [u8],
    /// Where the whole section stands in the file, id and length included.
    pub range: Range<usize>,
}

/// The custom sections of a component, in order.
pub(crate) fn customs(file: &[u8]) -> Result<Vec<Custom<'_>>, SectionError> {
    let broken = |what: &str| SectionError::NotAComponent(what.to_owned());
    if file.starts_with(MODULE_HEADER) {
        return Err(broken("it is a core module"));
    }
    let Some(mut rest) = file.strip_prefix(HEADER) else {
        return Err(broken("it does not begin like one"));
    };
    let mut found = Vec::new();
    while let Some((&id, after_id)) = rest.split_first() {
        let start = file.len() - rest.len();
        let body;
        (body, rest) = sized(after_id).ok_or_else(|| broken("it ends in the middle of a section"))?;
        if id == CUSTOM {
            let (name, data) = sized(body).ok_or_else(|| broken("a custom section has no proper name"))?;
            found.push(Custom { name, data, range: start..file.len() - rest.len() });
        }
    }
    Ok(found)
}

/// The data of the one section of this name, if there is one.
pub(crate) fn only<'a>(file: &'a [u8], name: &'static str) -> Result<Option<&'a [u8]>, SectionError> {
    let mut found = customs(file)?.into_iter().filter(|section| section.name == name.as_bytes());
    match (found.next(), found.next()) {
        (None, _) => Ok(None),
        (Some(section), None) => Ok(Some(section.data)),
        (Some(_), Some(_)) => Err(SectionError::Twice(name)),
    }
}

/// Appends a custom section.
pub(crate) fn append(file: &mut Vec<u8>, name: &str, data: &[u8]) {
    let mut body = Vec::with_capacity(name.len() + data.len() + 5);
    leb128(&mut body, name.len());
    body.extend_from_slice(name.as_bytes());
    body.extend_from_slice(data);
    file.push(CUSTOM);
    leb128(file, body.len());
    file.extend_from_slice(&body);
}

/// Bytes that are preceded by their number, and what follows them.
fn sized(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (mut length, mut rest) = (0u32, bytes);
    for shift in [0, 7, 14, 21, 28] {
        let (&byte, after) = rest.split_first()?;
        rest = after;
        let seven = u32::from(byte & 0x7f);
        length |= seven.checked_shl(shift).filter(|value| value >> shift == seven)?;
        if byte & 0x80 == 0 {
            return rest.split_at_checked(length as usize);
        }
    }
    None
}

/// Unsigned LEB128, the length encoding of the WebAssembly binary format.
fn leb128(out: &mut Vec<u8>, mut value: usize) {
    loop {
        let byte = (value & 0x7f) as u8;
        value >>= 7;
        if value == 0 {
            return out.push(byte);
        }
        out.push(byte | 0x80);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_of_every_width_come_back() {
        for length in [0, 1, 127, 128, 16_383, 16_384, 3_000_000] {
            let mut file = HEADER.to_vec();
            append(&mut file, "essai", &vec![7; length]);
            append(&mut file, "après", b"x");
            let found = customs(&file).unwrap();
            assert_eq!((found[0].data.len(), found[1].data), (length, &b"x"[..]));
            assert_eq!((found[0].range.start, found[1].range.end), (HEADER.len(), file.len()));
        }
    }

    #[test]
    fn lengths_that_lie_are_refused() {
        for tail in [
            &[0][..],
            &[0, 5, 1],
            &[0, 0x80],
            &[0, 0xff, 0xff, 0xff, 0xff, 0x1f],
            &[0, 0x80, 0x80, 0x80, 0x80, 0x80, 0],
            &[0, 1, 3],
        ] {
            let file = [HEADER, tail].concat();
            assert!(matches!(customs(&file), Err(SectionError::NotAComponent(_))), "{tail:?}");
        }
    }
}
