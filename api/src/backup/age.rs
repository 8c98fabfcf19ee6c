//! The file format of age (age-encryption.org/v1): encrypted for whoever holds one of the keys, and for nobody else,
//! this server included. What it writes opens with `age -d -i KEY FILE`, too.
//!
//! A header with the file's key, wrapped once per recipient (X25519), then chunks of 64 KiB (ChaCha20-Poly1305), the
//! last of which is marked: a file that was cut or changed does not open to its end.

use std::io::{self, BufRead, Read, Write};

use anyhow::{Context, bail, ensure};
use aws_lc_rs::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::agreement::{PrivateKey, UnparsedPublicKey, X25519, agree};
use aws_lc_rs::hkdf::{HKDF_SHA256, KeyType, Salt};
use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD as BASE64;
use zeroize::Zeroizing;

use super::keys::Identity;
use crate::config::Recipient;
use crate::secrets::random_bytes;

const VERSION: &str = "age-encryption.org/v1";
const CHUNK: usize = 64 * 1024;
const TAG: usize = 16;
const FILE_KEY: usize = 16;
/// A header is a line or three per recipient.
const HEADER_LINES: usize = 200;
const LINE_MAX: u64 = 1024;

type FileKey = Zeroizing<[u8; FILE_KEY]>;

struct Len(usize);

impl KeyType for Len {
    fn len(&self) -> usize {
        self.0
    }
}

fn derived(salt: &[u8], secret: &[u8], info: &str) -> anyhow::Result<Zeroizing<[u8; 32]>> {
    let mut key = Zeroizing::new([0; 32]);
    let info = [info.as_bytes()];
    let made = Salt::new(HKDF_SHA256, salt).extract(secret);
    let made = made.expand(&info, Len(32)).and_then(|made| made.fill(key.as_mut_slice()));
    made.map_err(|_| anyhow::anyhow!("no key can be made"))?;
    Ok(key)
}

fn cipher(key: &[u8]) -> anyhow::Result<LessSafeKey> {
    let key = UnboundKey::new(&CHACHA20_POLY1305, key).map_err(|_| anyhow::anyhow!("no key can be made"))?;
    Ok(LessSafeKey::new(key))
}

/// What both sides agree on: `own` is secret, `theirs` is public, and the wrap is bound to both public halves.
fn wrap_key(
    own: &PrivateKey,
    theirs: &[u8; 32],
    share: &[u8],
    recipient: &[u8],
) -> anyhow::Result<LessSafeKey> {
    let peer = UnparsedPublicKey::new(&X25519, theirs);
    let failed = anyhow::anyhow!("a recipient's key is not one");
    agree(own, peer, failed, |secret| {
        cipher(derived(&[share, recipient].concat(), secret, "age-encryption.org/v1/X25519")?.as_slice())
    })
}

fn mac_key(file_key: &FileKey) -> anyhow::Result<hmac::Key> {
    Ok(hmac::Key::new(hmac::HMAC_SHA256, derived(&[], file_key.as_slice(), "header")?.as_slice()))
}

fn stanza(file_key: &FileKey, recipient: &Recipient) -> anyhow::Result<String> {
    let ephemeral = Identity::generate()?;
    let share = ephemeral.recipient();
    let key = wrap_key(ephemeral.private(), recipient.bytes(), share.bytes(), recipient.bytes())?;
    let mut wrapped = file_key.to_vec();
    key.seal_in_place_append_tag(Nonce::assume_unique_for_key([0; NONCE_LEN]), Aad::empty(), &mut wrapped)
        .map_err(|_| anyhow::anyhow!("the file's key cannot be wrapped"))?;
    Ok(format!("-> X25519 {}\n{}\n", BASE64.encode(share.bytes()), BASE64.encode(wrapped)))
}

/// Counts chunks; the last one is marked.
struct Chunks {
    key: LessSafeKey,
    number: u64,
}

impl Chunks {
    fn nonce(&mut self, last: bool) -> Nonce {
        let mut nonce = [0; NONCE_LEN];
        nonce[3..11].copy_from_slice(&self.number.to_be_bytes());
        nonce[11] = u8::from(last);
        self.number += 1;
        Nonce::assume_unique_for_key(nonce)
    }
}

/// Encrypts what is written to it. Nothing is whole before [`Sealer::finish`].
pub struct Sealer<W: Write> {
    to: W,
    chunks: Chunks,
    waiting: Zeroizing<Vec<u8>>,
}

impl<W: Write> Sealer<W> {
    pub fn new(mut to: W, recipients: &[Recipient]) -> anyhow::Result<Self> {
        ensure!(!recipients.is_empty(), "nobody would be able to open it");
        let file_key: FileKey = Zeroizing::new(random_bytes());
        let mut header = format!("{VERSION}\n");
        for recipient in recipients {
            header.push_str(&stanza(&file_key, recipient)?);
        }
        header.push_str("---");
        let mac = hmac::sign(&mac_key(&file_key)?, header.as_bytes());
        let nonce: [u8; 16] = random_bytes();
        to.write_all(format!("{header} {}\n", BASE64.encode(mac)).as_bytes())?;
        to.write_all(&nonce)?;
        let key = cipher(derived(&nonce, file_key.as_slice(), "payload")?.as_slice())?;
        Ok(Self {
            to,
            chunks: Chunks { key, number: 0 },
            waiting: Zeroizing::new(Vec::with_capacity(CHUNK + TAG)),
        })
    }

    fn seal_waiting(&mut self, last: bool) -> io::Result<()> {
        let nonce = self.chunks.nonce(last);
        self.chunks
            .key
            .seal_in_place_append_tag(nonce, Aad::empty(), &mut *self.waiting)
            .map_err(|_| io::Error::other("a part cannot be encrypted"))?;
        self.to.write_all(&self.waiting)?;
        self.waiting.clear();
        Ok(())
    }

    pub fn finish(mut self) -> io::Result<W> {
        self.seal_waiting(true)?;
        self.to.flush()?;
        Ok(self.to)
    }
}

impl<W: Write> Write for Sealer<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // Only once there is more: a full chunk may be the last.
        if self.waiting.len() == CHUNK {
            self.seal_waiting(false)?;
        }
        let taken = bytes.len().min(CHUNK - self.waiting.len());
        self.waiting.extend_from_slice(&bytes[..taken]);
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Decrypts what it reads. What it gives is right as far as it goes; that it is all, its end says.
pub struct Opener<R: BufRead> {
    from: R,
    chunks: Chunks,
    open: Zeroizing<Vec<u8>>,
    given: usize,
    ended: bool,
}

impl<R: BufRead> Opener<R> {
    pub fn new(mut from: R, identities: &[Identity]) -> anyhow::Result<Self> {
        let file_key = read_header(&mut from, identities)?;
        let mut nonce = [0; 16];
        from.read_exact(&mut nonce).context("it was cut off")?;
        let key = cipher(derived(&nonce, file_key.as_slice(), "payload")?.as_slice())?;
        let chunks = Chunks { key, number: 0 };
        Ok(Self { from, chunks, open: Zeroizing::default(), given: 0, ended: false })
    }

    fn next_chunk(&mut self) -> io::Result<()> {
        let mut sealed = Vec::with_capacity(CHUNK + TAG);
        self.from.by_ref().take((CHUNK + TAG) as u64).read_to_end(&mut sealed)?;
        let last = self.from.fill_buf()?.is_empty();
        let nonce = self.chunks.nonce(last);
        let opened = self.chunks.key.open_in_place(nonce, Aad::empty(), &mut sealed);
        let length = opened
            .map_err(|_| io::Error::new(io::ErrorKind::InvalidData, "it was cut off or changed"))?
            .len();
        sealed.truncate(length);
        (self.open, self.given, self.ended) = (Zeroizing::new(sealed), 0, last);
        Ok(())
    }
}

impl<R: BufRead> Read for Opener<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while self.given == self.open.len() {
            if self.ended {
                return Ok(0);
            }
            self.next_chunk()?;
        }
        let taken = into.len().min(self.open.len() - self.given);
        into[..taken].copy_from_slice(&self.open[self.given..self.given + taken]);
        self.given += taken;
        Ok(taken)
    }
}

fn read_line(from: &mut impl BufRead) -> anyhow::Result<String> {
    let mut line = Vec::new();
    from.by_ref().take(LINE_MAX).read_until(b'\n', &mut line)?;
    ensure!(line.pop() == Some(b'\n'), "it is no backup, or it was cut off");
    String::from_utf8(line).ok().context("it is no backup")
}

fn read_header(from: &mut impl BufRead, identities: &[Identity]) -> anyhow::Result<FileKey> {
    let mut header = read_line(from)?;
    ensure!(header == VERSION, "it is no backup");
    let mut found = None;
    for _ in 0..HEADER_LINES {
        let line = read_line(from)?;
        if let Some(mac) = line.strip_prefix("--- ") {
            let file_key: FileKey = found.context("it was made for another key")?;
            header.push_str("\n---");
            let mac = BASE64.decode(mac).context("its header is damaged")?;
            hmac::verify(&mac_key(&file_key)?, header.as_bytes(), &mac)
                .map_err(|_| anyhow::anyhow!("its header is damaged"))?;
            return Ok(file_key);
        }
        if let (None, Some(share)) = (&found, line.strip_prefix("-> X25519 ")) {
            let body = read_line(from)?;
            found = unwrap(share, &body, identities);
            header.push_str(&format!("\n{line}\n{body}"));
        } else {
            header.push_str(&format!("\n{line}"));
        }
    }
    bail!("its header has no end")
}

fn unwrap(share: &str, body: &str, identities: &[Identity]) -> Option<FileKey> {
    let share: [u8; 32] = BASE64.decode(share).ok()?.try_into().ok()?;
    let body = BASE64.decode(body).ok()?;
    identities.iter().find_map(|identity| {
        let key = wrap_key(identity.private(), &share, &share, identity.recipient().bytes()).ok()?;
        let mut body = body.clone();
        let nonce = Nonce::assume_unique_for_key([0; NONCE_LEN]);
        let file_key = key.open_in_place(nonce, Aad::empty(), &mut body).ok()?;
        Some(Zeroizing::new(<[u8; FILE_KEY]>::try_from(&*file_key).ok()?))
    })
}

#[cfg(test)]
mod tests {
    use base64::engine::general_purpose::STANDARD;

    use super::*;
    use crate::config::bech32;

    const KEY: &str = "AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX";
    /// "What another program sealed.", by another program, for a stranger's key, then for `KEY`, then with a line
    /// that means nothing.
    const OTHERS: &str = "YWdlLWVuY3J5cHRpb24ub3JnL3YxCi0+IFgyNTUxOSBKSzJoVjhwRHJCR0dIY0VocTEyd1hvejkzT2hDbytxMDBGaFN3\
        K00xZVI4CmtnNFVPYUlYRW1aN1dKbE8xbXdpdHdDN3h5NjhGeXc1ZzAxZVdsTXpVc2MKLT4gWDI1NTE5IEZYWTJsbTNyWEIwWklUbCtQazlFU\
        kN5dVBIZ1NvTVd1cUpWRFlXblZnajAKMDQ3a014Qi93ZEUrdHV5V2t4QURYMTRTNVFrR3MzdUpWMEZhdU9BSERjWQotPiAsLWdyZWFzZSAkc0Y\
        vWC4wLyA3IHdNSGoKVlVnM3hENkRkdHhBR01Mcjg4MmxiUzVUNWtIanVmenJWbGVydC9ZYW1Ibm1kNDZwb25RUGphdGVqRDVQQlFYNQo4aDg5M\
        G0wUFhka2dLN0tTcUdtVS9NWjUyUkZhdmN3Q3Y1S2V3elFYZTRVZ1RURS9rTWpzMDlvcVhENHZjQTAKLS0tIDA1UUtSMW5vejdGaVJxaXJkZlB\
        xZlJkYy9JME1ZbkFWRFo0WXYvczRlRVkKiv2xEcYH1AcmWe4gxdwypoUGoXb5dF7o8NOy6M7HS3C8ohLNs/fMgLvsNT4exv5/ZdxebA9CUaZxt\
        mcy";

    fn key() -> Identity {
        Identity::of(bech32::decoded("age-secret-key-", KEY).expect("a key")).expect("a key")
    }

    fn opened(sealed: &[u8], keys: &[Identity]) -> anyhow::Result<Vec<u8>> {
        let mut plain = Vec::new();
        Opener::new(sealed, keys)?.read_to_end(&mut plain)?;
        Ok(plain)
    }

    fn sealed(plain: &[u8], recipients: &[Recipient]) -> Vec<u8> {
        let mut sealer = Sealer::new(Vec::new(), recipients).expect("a start");
        sealer.write_all(plain).expect("room");
        sealer.finish().expect("an end")
    }

    #[test]
    fn what_another_program_sealed_opens() {
        let sealed = STANDARD.decode(OTHERS).expect("base64");
        assert_eq!(opened(&sealed, &[key()]).expect("it opens"), b"What another program sealed.");
    }

    #[test]
    fn sizes_around_a_chunk_come_back_whole_for_each_recipient() {
        let (one, two) = (key(), Identity::generate().expect("a key"));
        let recipients = [one.recipient().clone(), two.recipient().clone()];
        for size in [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 3 * CHUNK + 7] {
            let plain: Vec<u8> = (0..size).map(|at| (at % 251) as u8).collect();
            let sealed = sealed(&plain, &recipients);
            for key in [&one, &two] {
                let key = [Identity::of(key.secret_for_tests()).expect("a key")];
                assert_eq!(opened(&sealed, &key).expect("it opens"), plain, "{size}");
            }
        }
    }

    #[test]
    fn a_wrong_key_a_cut_and_a_changed_byte_are_told() {
        let key = key();
        let whole = sealed(&vec![7; 2 * CHUNK + 100], std::slice::from_ref(key.recipient()));
        let keys = [key];
        let stranger = [Identity::generate().expect("a key")];
        let told = |sealed: &[u8], keys: &[Identity]| opened(sealed, keys).expect_err("refused").to_string();
        assert_eq!(told(&whole, &stranger), "it was made for another key");
        assert_eq!(told(b"hello\n", &keys), "it is no backup");
        // Also where a chunk ends: the last one is marked.
        let (head, tail) = (whole.len() - (2 * (CHUNK + TAG) + 100 + TAG), CHUNK + TAG);
        for cut in [10, 100, head, head + tail, head + 2 * tail, whole.len() - 1] {
            let told = told(&whole[..cut], &keys);
            assert!(told.contains("cut off") || told.contains("no end"), "{cut}: {told}");
        }
        for at in [60, 150, head - 5, head + 5, whole.len() - 1] {
            let mut changed = whole.clone();
            changed[at] ^= 1;
            assert!(opened(&changed, &keys).is_err(), "{at}");
        }
        assert!(opened(&[&whole[..], b"x"].concat(), &keys).is_err());
        // One chunk in the place of another.
        let mut swapped = whole.clone();
        swapped[head..head + 2 * tail].rotate_left(tail);
        assert!(opened(&swapped, &keys).is_err());
    }
}
