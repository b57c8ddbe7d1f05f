//! What is stored of an object: its bytes compressed with zstd and, where there is a key, encrypted.
//!
//! Encryption is XChaCha20-Poly1305 in the STREAM construction: a random nonce, then segments that can be neither
//! exchanged nor left out. Bytes are pushed in, and what has become of them is handed out: an object is never in memory.

use std::io::{self, Write};

use bytes::Bytes;
use chacha20poly1305::XChaCha20Poly1305;
use chacha20poly1305::aead::stream::{DecryptorBE32, EncryptorBE32};
use rand::TryRngCore;
use zeroize::Zeroizing;

pub(crate) type Key = Zeroizing<[u8; 32]>;

/// Bytes of a segment before encryption.
const SEGMENT: usize = 64 << 10;
/// Bytes that encryption adds to a segment.
const TAG: usize = 16;
/// Bytes of the nonce, of which the construction needs five for itself.
const NONCE: usize = 19;
/// zstd's default: more costs much time for little.
const LEVEL: i32 = 3;

/// Random bytes from the system.
pub(crate) fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    rand::rngs::OsRng.try_fill_bytes(&mut bytes).expect("the system gives random bytes");
    bytes
}

/// Seals one object.
pub(crate) struct Sealer {
    zstd: zstd::stream::write::Encoder<'static, Vec<u8>>,
    cipher: Option<Encryption>,
}

struct Encryption {
    stream: EncryptorBE32<XChaCha20Poly1305>,
    nonce: Option<[u8; NONCE]>,
    waiting: Vec<u8>,
}

impl Sealer {
    pub fn new(key: Option<&Key>) -> io::Result<Sealer> {
        let mut zstd = zstd::stream::write::Encoder::new(Vec::new(), LEVEL)?;
        zstd.include_checksum(true)?;
        let cipher = key.map(|key| {
            let nonce = random::<NONCE>();
            let stream = EncryptorBE32::new((&**key).into(), (&nonce).into());
            Encryption { stream, nonce: Some(nonce), waiting: Vec::new() }
        });
        Ok(Sealer { zstd, cipher })
    }

    /// Takes the next bytes. Returns what can be stored now, which may be nothing.
    pub fn push(&mut self, bytes: &[u8]) -> io::Result<Bytes> {
        self.zstd.write_all(bytes)?;
        let packed = std::mem::take(self.zstd.get_mut());
        Ok(match &mut self.cipher {
            None => packed.into(),
            Some(cipher) => cipher.push(&packed)?.into(),
        })
    }

    /// The rest.
    pub fn finish(self) -> io::Result<Bytes> {
        let packed = self.zstd.finish()?;
        Ok(match self.cipher {
            None => packed.into(),
            Some(mut cipher) => {
                let mut out = cipher.push(&packed)?;
                out.extend(cipher.stream.encrypt_last(cipher.waiting.as_slice()).map_err(|_| flaw())?);
                out.into()
            }
        })
    }
}

impl Encryption {
    fn push(&mut self, bytes: &[u8]) -> io::Result<Vec<u8>> {
        let mut out = self.nonce.take().map_or_else(Vec::new, |nonce| nonce.to_vec());
        self.waiting.extend_from_slice(bytes);
        // The last segment is marked as such, so at least one byte waits for it.
        while self.waiting.len() > SEGMENT {
            let segment: Vec<u8> = self.waiting.drain(..SEGMENT).collect();
            out.extend(self.stream.encrypt_next(segment.as_slice()).map_err(|_| flaw())?);
        }
        Ok(out)
    }
}

/// Opens one object.
pub(crate) struct Opener {
    zstd: zstd::stream::write::Decoder<'static, Vec<u8>>,
    cipher: Option<Decryption>,
}

struct Decryption {
    key: Key,
    /// From the first bytes on.
    stream: Option<DecryptorBE32<XChaCha20Poly1305>>,
    waiting: Vec<u8>,
}

impl Opener {
    pub fn new(key: Option<&Key>) -> io::Result<Opener> {
        let cipher = key.map(|key| Decryption { key: key.clone(), stream: None, waiting: Vec::new() });
        Ok(Opener { zstd: zstd::stream::write::Decoder::new(Vec::new())?, cipher })
    }

    /// Takes the next stored bytes. Returns what they mean, which may be nothing yet.
    pub fn push(&mut self, bytes: &[u8]) -> io::Result<Vec<u8>> {
        match &mut self.cipher {
            None => self.zstd.write_all(bytes)?,
            Some(cipher) => {
                let packed = cipher.push(bytes)?;
                self.zstd.write_all(&packed)?;
            }
        }
        Ok(std::mem::take(self.zstd.get_mut()))
    }

    /// The rest. Fails for an object that was cut off.
    pub fn finish(mut self) -> io::Result<Vec<u8>> {
        if let Some(cipher) = self.cipher {
            self.zstd.write_all(&cipher.finish()?)?;
        }
        self.zstd.finish()
    }
}

impl Decryption {
    fn push(&mut self, bytes: &[u8]) -> io::Result<Vec<u8>> {
        self.waiting.extend_from_slice(bytes);
        if self.stream.is_none() && self.waiting.len() >= NONCE {
            let nonce: Vec<u8> = self.waiting.drain(..NONCE).collect();
            self.stream = Some(DecryptorBE32::new((&*self.key).into(), nonce.as_slice().into()));
        }
        let Some(stream) = &mut self.stream else { return Ok(Vec::new()) };
        let mut out = Vec::new();
        while self.waiting.len() > SEGMENT + TAG {
            let segment: Vec<u8> = self.waiting.drain(..SEGMENT + TAG).collect();
            out.extend(stream.decrypt_next(segment.as_slice()).map_err(|_| flaw())?);
        }
        Ok(out)
    }

    fn finish(self) -> io::Result<Vec<u8>> {
        let stream = self.stream.ok_or_else(flaw)?;
        stream.decrypt_last(self.waiting.as_slice()).map_err(|_| flaw())
    }
}

fn flaw() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "it is not as it was written")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seal(key: Option<&Key>, content: &[u8]) -> Vec<u8> {
        let mut sealer = Sealer::new(key).unwrap();
        let mut out = Vec::new();
        for piece in content.chunks(10_000) {
            out.extend(sealer.push(piece).unwrap());
        }
        out.extend(sealer.finish().unwrap());
        out
    }

    fn open(key: Option<&Key>, stored: &[u8]) -> io::Result<Vec<u8>> {
        let mut opener = Opener::new(key)?;
        let mut out = Vec::new();
        for piece in stored.chunks(7_001) {
            out.extend(opener.push(piece)?);
        }
        out.extend(opener.finish()?);
        Ok(out)
    }

    #[test]
    fn what_was_sealed_opens_and_nothing_else_does() {
        let key = Key::new(random());
        // Random bytes cannot be compressed: several segments.
        let noise: Vec<u8> = (0..100_000).flat_map(|_| random::<3>()).collect();
        for content in [&b""[..], b"a", &noise] {
            for key in [None, Some(&key)] {
                let stored = seal(key, content);
                assert_eq!(open(key, &stored).unwrap(), content);
                // Cut off anywhere, also between two segments.
                for end in [stored.len() - 1, stored.len() / 2, NONCE + SEGMENT + TAG, 1, 0] {
                    if end < stored.len() {
                        assert!(open(key, &stored[..end]).is_err(), "{end} of {}", stored.len());
                    }
                }
            }
            let stored = seal(Some(&key), content);
            for place in [0, NONCE, stored.len() / 2, stored.len() - 1] {
                let mut bent = stored.clone();
                bent[place] ^= 1;
                assert!(open(Some(&key), &bent).is_err(), "{place}");
            }
            assert!(open(Some(&Key::new(random())), &stored).is_err());
            assert_ne!(stored, seal(Some(&key), content), "a nonce came twice");
        }
        let (first, second) = (NONCE..NONCE + SEGMENT + TAG, NONCE + SEGMENT + TAG..NONCE + 2 * (SEGMENT + TAG));
        let stored = seal(Some(&key), &noise);
        let exchanged = [&stored[..NONCE], &stored[second.clone()], &stored[first], &stored[second.end..]].concat();
        assert!(open(Some(&key), &exchanged).is_err());
    }
}
