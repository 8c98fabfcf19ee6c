//! What a JSON text may look like before anybody asks what it means (security.md D34): no key twice in one
//! object, however deep and whatever its type, and no deeper than a request of ours ever is.

use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt;

use serde::de::{DeserializeSeed, Error, MapAccess, SeqAccess, Visitor};

/// How many objects and lists may stand inside each other.
pub(super) const DEPTH: usize = 32;

#[derive(Debug, PartialEq, Eq)]
pub(super) enum Fault {
    TooDeep,
    /// Where the second one stands, as a JSON pointer.
    Twice(String),
}

/// Nothing is said of a text that is no JSON: whoever reads it says where it breaks.
pub(super) fn check(bytes: &[u8]) -> Result<(), Fault> {
    let mut fault = None;
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let walked = Part { depth: 0, place: &mut String::new(), fault: &mut fault }.deserialize(&mut reader);
    match (walked, fault) {
        (Err(_), Some(fault)) => Err(fault),
        _ => Ok(()),
    }
}

/// A value, and where it stands.
struct Part<'a> {
    depth: usize,
    place: &'a mut String,
    fault: &'a mut Option<Fault>,
}

impl Part<'_> {
    fn deeper<E: Error>(&mut self) -> Result<usize, E> {
        if self.depth < DEPTH {
            return Ok(self.depth + 1);
        }
        *self.fault = Some(Fault::TooDeep);
        Err(E::custom("too deep"))
    }
}

impl<'de> DeserializeSeed<'de> for Part<'_> {
    type Value = ();

    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Part<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut items: A) -> Result<(), A::Error> {
        let (depth, length) = (self.deeper()?, self.place.len());
        for at in 0.. {
            self.place.push_str(&format!("/{at}"));
            let part = Part { depth, place: &mut *self.place, fault: &mut *self.fault };
            if items.next_element_seed(part)?.is_none() {
                break;
            }
            self.place.truncate(length);
        }
        self.place.truncate(length);
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut entries: A) -> Result<(), A::Error> {
        let (depth, length) = (self.deeper()?, self.place.len());
        let mut keys = HashSet::new();
        while let Some(key) = entries.next_key::<Cow<'_, str>>()? {
            self.place.push('/');
            self.place.push_str(&key.replace('~', "~0").replace('/', "~1"));
            if !keys.insert(key.into_owned()) {
                *self.fault = Some(Fault::Twice(self.place.clone()));
                return Err(A::Error::custom("a key stands twice"));
            }
            entries.next_value_seed(Part { depth, place: &mut *self.place, fault: &mut *self.fault })?;
            self.place.truncate(length);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_stands_once_wherever_it_stands() {
        for (text, place) in [
            (r#"{"a":1,"a":1}"#, "/a"),
            (r#"{"a":{"b":null,"c":[{},{"d":1,"d":2}]}}"#, "/a/c/1/d"),
            // The same key, written in two ways.
            (r#"{"a":1,"\u0061":2}"#, "/a"),
            (r#"{"x/y":1,"x/y":2}"#, "/x~1y"),
        ] {
            assert_eq!(check(text.as_bytes()), Err(Fault::Twice(place.to_owned())), "{text}");
        }
        for fine in [r#"{"a":{"a":[{"a":1},{"a":1}]}}"#, "[]", "1.5e3", "null", "\"x\"", "-1", "true"] {
            assert_eq!(check(fine.as_bytes()), Ok(()), "{fine}");
        }
    }

    #[test]
    fn thirty_two_levels_and_no_more() {
        let nested = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
        assert_eq!(check(nested(DEPTH).as_bytes()), Ok(()));
        assert_eq!(check(nested(DEPTH + 1).as_bytes()), Err(Fault::TooDeep));
        let objects = format!("{}1{}", r#"{"a":"#.repeat(DEPTH + 1), "}".repeat(DEPTH + 1));
        assert_eq!(check(objects.as_bytes()), Err(Fault::TooDeep));
        // Far beyond what the reader itself takes, and unfinished.
        assert_eq!(check("[".repeat(60_000).as_bytes()), Err(Fault::TooDeep));
    }

    #[test]
    fn what_is_no_json_is_left_to_its_reader() {
        for broken in ["", "{", "{\"a\"}", "[1,]", "\u{0}"] {
            assert_eq!(check(broken.as_bytes()), Ok(()), "{broken:?}");
        }
    }
}
