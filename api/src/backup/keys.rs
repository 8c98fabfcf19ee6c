//! Who can open a backup: pairs of keys in age's own spelling, `age1…` for everybody to see and
//! `AGE-SECRET-KEY-1…` for a place that is not this server.

use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use anyhow::{Context, ensure};
use aws_lc_rs::agreement::{PrivateKey, X25519};
use zeroize::Zeroizing;

use crate::config::{Recipient, bech32};
use crate::secrets::random_bytes;

const SECRET: &str = "age-secret-key-";

/// The secret half.
pub struct Identity {
    secret: Zeroizing<[u8; 32]>,
    private: PrivateKey,
    public: Recipient,
}

impl Identity {
    pub fn generate() -> anyhow::Result<Self> {
        Self::of(Zeroizing::new(random_bytes()))
    }

    pub(super) fn of(secret: Zeroizing<[u8; 32]>) -> anyhow::Result<Self> {
        let failed = |_| anyhow::anyhow!("it is no key");
        let private = PrivateKey::from_private_key(&X25519, secret.as_slice()).map_err(failed)?;
        let public = private.compute_public_key().map_err(|_| anyhow::anyhow!("it is no key"))?;
        let public = Recipient::of(public.as_ref().try_into().context("it is no key")?);
        Ok(Self { secret, private, public })
    }

    #[cfg(test)]
    pub(super) fn secret_for_tests(&self) -> Zeroizing<[u8; 32]> {
        self.secret.clone()
    }

    pub const fn private(&self) -> &PrivateKey {
        &self.private
    }

    pub const fn recipient(&self) -> &Recipient {
        &self.public
    }

    /// Every key of a file: one a line, as `age-keygen` writes it.
    pub fn read(path: &Path) -> anyhow::Result<Vec<Self>> {
        let text =
            std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
        let text = Zeroizing::new(text);
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
        let keys = lines
            .map(|line| Self::of(bech32::decoded(SECRET, line).map_err(anyhow::Error::msg)?))
            .collect::<anyhow::Result<Vec<_>>>();
        let keys = keys.with_context(|| format!("{} holds no key for backups", path.display()))?;
        ensure!(!keys.is_empty(), "{} holds no key for backups", path.display());
        Ok(keys)
    }

    /// Writes the secret half where nothing is yet, for its owner alone.
    pub fn place(&self, path: &Path) -> anyhow::Result<()> {
        let mut file = std::fs::OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(path)
            .with_context(|| format!("cannot make {}", path.display()))?;
        let secret = Zeroizing::new(bech32::encoded(SECRET, &self.secret).to_ascii_uppercase());
        let text = format!("# public key: {}\n{}\n", self.public, *secret);
        file.write_all(Zeroizing::new(text).as_bytes())?;
        Ok(file.sync_all()?)
    }
}
