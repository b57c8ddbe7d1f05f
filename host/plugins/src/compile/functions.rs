//! The machine code of one plugin's functions from its author's last compilation. So an edit compiles only the changed
//! functions. In TypeScript these are almost none: the JavaScript engine stays the same, and the edited source is data
//! for it.
//!
//! Cranelift names each function by a digest of everything that its code depends on, including the compiler's version
//! and settings.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use wasmtime::CacheStore;

/// The size of a length field in bytes.
const LENGTH: usize = size_of::<u64>();

/// The functions that the compiler looks up and adds. [`Functions::read`] reads them, and [`Functions::write`] writes
/// them.
#[derive(Debug, Default)]
pub(super) struct Functions {
    before: HashMap<Vec<u8>, Vec<u8>>,
    /// The functions of this compilation: `None` for a known one, otherwise the new code.
    asked: Mutex<HashMap<Vec<u8>, Option<Vec<u8>>>>,
}

impl Functions {
    /// Reads functions. Unreadable data counts as missing.
    pub fn read(mut written: &[u8]) -> Self {
        let mut before = HashMap::new();
        while let Some((key, rest)) = split(written) {
            let Some((code, rest)) = split(rest) else { break };
            before.insert(key.to_owned(), code.to_owned());
            written = rest;
        }
        Functions { before, asked: Mutex::default() }
    }

    /// All functions of this compilation, for the next one. Empty if none of them is new.
    pub fn write(&self) -> Vec<u8> {
        let asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        let mut written = Vec::new();
        if asked.values().all(Option::is_none) {
            return written;
        }
        for (key, made) in asked.iter() {
            if let Some(code) = made.as_ref().or_else(|| self.before.get(key)) {
                push(&mut written, key);
                push(&mut written, code);
            }
        }
        written
    }

    fn note(&self, key: &[u8], made: Option<Vec<u8>>) {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).insert(key.to_owned(), made);
    }
}

impl CacheStore for Functions {
    fn get(&self, key: &[u8]) -> Option<Cow<'_, [u8]>> {
        let code = self.before.get(key)?;
        self.note(key, None);
        Some(Cow::Borrowed(code))
    }

    fn insert(&self, key: &[u8], code: Vec<u8>) -> bool {
        self.note(key, Some(code));
        true
    }
}

/// Appends a part after its length.
pub(super) fn push(to: &mut Vec<u8>, part: &[u8]) {
    to.extend(length(part));
    to.extend(part);
}

/// The length field of a part.
pub(super) fn length(part: &[u8]) -> [u8; LENGTH] {
    (part.len() as u64).to_le_bytes()
}

/// The first part, and the rest.
pub(super) fn split(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bytes.split_first_chunk::<LENGTH>()?;
    rest.split_at_checked(usize::try_from(u64::from_le_bytes(*length)).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_compilation_used_is_there_for_the_next_one() {
        let first = Functions::read(b"");
        assert!(first.get(b"a").is_none());
        assert!(first.insert(b"a", b"code of a".to_vec()) && first.insert(b"b", b"code of b".to_vec()));
        let second = Functions::read(&first.write());
        assert_eq!(second.get(b"a").as_deref(), Some(&b"code of a"[..]));
        assert_eq!(second.write(), b"", "nothing new to keep");
        assert!(second.insert(b"c", b"code of c".to_vec()));
        let third = Functions::read(&second.write());
        assert_eq!(third.get(b"a").as_deref(), Some(&b"code of a"[..]));
        assert_eq!(third.get(b"c").as_deref(), Some(&b"code of c"[..]));
        assert!(third.get(b"b").is_none(), "the second one did not use it");
    }

    #[test]
    fn any_bytes_can_be_read() {
        let whole = Functions::default();
        whole.insert(b"key", b"code".to_vec());
        let written = whole.write();
        for cut in 0..written.len() {
            assert!(Functions::read(&written[..cut]).get(b"key").is_none());
        }
        assert!(Functions::read(&[0xff; 64]).get(b"key").is_none());
    }
}
