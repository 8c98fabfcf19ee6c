//! Keys for backups in age's spelling: bech32 (BIP 173) around 32 bytes.

use zeroize::Zeroizing;

const PUBLIC: &str = "age";
const LETTERS: &[u8; 32] = b"qpzry9x8gf2tvdw0s3jn54khce6mua7l";
/// The checksum's own length, in letters.
const CHECK: usize = 6;

/// The public half: what it seals, its secret half opens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipient([u8; 32]);

impl Recipient {
    pub const fn of(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    pub const fn bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl std::str::FromStr for Recipient {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Ok(Self(*decoded(PUBLIC, text)?))
    }
}

impl std::fmt::Display for Recipient {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&encoded(PUBLIC, &self.0))
    }
}

/// The checksum of bech32 (BIP 173), over groups of five bits.
fn checksum(groups: impl Iterator<Item = u8>) -> u32 {
    const TURNS: [u32; 5] = [0x3b6a_57b2, 0x2650_8e6d, 0x1ea1_19fa, 0x3d42_33dd, 0x2a14_62b3];
    groups.fold(1, |sum, group| {
        let top = sum >> 25;
        let sum = ((sum & 0x01ff_ffff) << 5) ^ u32::from(group);
        TURNS
            .iter()
            .enumerate()
            .filter(|(bit, _)| (top >> bit) & 1 == 1)
            .fold(sum, |sum, (_, turn)| sum ^ turn)
    })
}

fn prefix_groups(prefix: &str) -> impl Iterator<Item = u8> + '_ {
    prefix.bytes().map(|letter| letter >> 5).chain([0]).chain(prefix.bytes().map(|letter| letter & 31))
}

/// The same bits in groups of another width, the last one filled with zeros.
fn regrouped(values: &[u8], from: u32, to: u32) -> Vec<u8> {
    let (mut held, mut bits, mut groups) = (0_u32, 0, Vec::new());
    for value in values {
        held = (held << from) | u32::from(*value);
        bits += from;
        while bits >= to {
            bits -= to;
            groups.push(((held >> bits) & ((1 << to) - 1)) as u8);
        }
        held &= (1 << bits) - 1;
    }
    if bits > 0 {
        groups.push(((held << (to - bits)) & ((1 << to) - 1)) as u8);
    }
    groups
}

pub fn encoded(prefix: &str, bytes: &[u8; 32]) -> String {
    let mut groups = regrouped(bytes, 8, 5);
    let check = checksum(prefix_groups(prefix).chain(groups.iter().copied()).chain([0; CHECK])) ^ 1;
    groups.extend((0..CHECK).map(|place| ((check >> (5 * (CHECK - 1 - place))) & 31) as u8));
    let letters = groups.iter().map(|group| char::from(LETTERS[usize::from(*group)]));
    format!("{prefix}1{}", letters.collect::<String>())
}

/// The error is the rest of a sentence about a key, and holds none of it.
pub fn decoded(prefix: &str, text: &str) -> Result<Zeroizing<[u8; 32]>, String> {
    let folded = Zeroizing::new(text.to_ascii_lowercase());
    if *folded != text && text.to_ascii_uppercase() != text {
        return Err("mixes upper and lower case".to_owned());
    }
    let Some(data) = folded.strip_prefix(prefix).and_then(|rest| rest.strip_prefix('1')) else {
        return Err(format!("does not begin with {prefix}1"));
    };
    let groups = data.bytes().map(|letter| LETTERS.iter().position(|it| *it == letter).map(|at| at as u8));
    let groups = groups.collect::<Option<Vec<u8>>>().ok_or("has a letter that no key has")?;
    let groups = Zeroizing::new(groups);
    if groups.len() < CHECK || checksum(prefix_groups(prefix).chain(groups.iter().copied())) != 1 {
        return Err("is misspelt".to_owned());
    }
    // 52 groups of five bits: 32 bytes, and four bits that are zero.
    let bytes = Zeroizing::new(regrouped(&groups[..groups.len() - CHECK], 5, 8));
    match (<[u8; 32]>::try_from(bytes.get(..32).unwrap_or_default()), bytes.get(32..)) {
        (Ok(key), Some([0])) => Ok(Zeroizing::new(key)),
        _ => Err("has the wrong length".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What `age-keygen` prints for a key.
    const KEY: &str = "AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX";

    #[test]
    fn keys_are_spelt_as_age_spells_them() {
        let secret = decoded("age-secret-key-", KEY).expect("a key");
        assert_eq!(*secret, [0x42; 32]);
        assert_eq!(encoded("age-secret-key-", &secret).to_ascii_uppercase(), KEY);
        let public = Recipient::of([7; 32]).to_string();
        assert_eq!(public.parse::<Recipient>(), Ok(Recipient::of([7; 32])));
        for (wrong, told) in [
            (public.replace("age1", "agf1"), "begin with"),
            (public.replacen('q', "p", 1), "misspelt"),
            (public.to_ascii_uppercase().replacen('A', "a", 1), "mixes"),
            (public[..40].to_owned(), "misspelt"),
            ("age1".to_owned(), "misspelt"),
            (format!("{public}b"), "letter"),
        ] {
            let refused = wrong.parse::<Recipient>().expect_err(&wrong);
            assert!(refused.contains(told), "{wrong}: {refused}");
        }
    }
}
