//! Reads what the browser has parsed into our types. It says that something could not be read and never what:
//! nobody is told but by "something went wrong", and the words for it would be a twentieth of the patients' app.
//!
//! Fields and variants are found by their place in the type's own list of names, so that no type compares names
//! itself. That holds as long as no field has an alias.

use std::fmt;

use js_sys::{Array, Object, Reflect};
use serde::de::value::{StringDeserializer, U32Deserializer, U64Deserializer};
use serde::de::{self, DeserializeOwned, DeserializeSeed, IntoDeserializer, Visitor};
use serde::forward_to_deserialize_any;
use wasm_bindgen::JsValue;

/// Not what the type says.
#[derive(Debug, PartialEq, Eq)]
pub struct Unreadable;

pub fn read<T: DeserializeOwned>(value: JsValue) -> Result<T, Unreadable> {
    T::deserialize(Reader(value))
}

struct Reader(JsValue);

impl Reader {
    fn text(&self) -> Result<String, Unreadable> {
        self.0.as_string().ok_or(Unreadable)
    }

    fn is_nothing(&self) -> bool {
        self.0.is_null() || self.0.is_undefined()
    }

    fn number<'de, V: Visitor<'de>>(number: f64, visitor: V) -> Result<V::Value, Unreadable> {
        // JSON knows no integers; JavaScript's are exact up to 2^53.
        if number.trunc() == number && number.abs() < 9_007_199_254_740_992.0 {
            visitor.visit_i64(number as i64)
        } else {
            visitor.visit_f64(number)
        }
    }
}

macro_rules! numbers {
    ($($method:ident)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
            Self::number(self.0.as_f64().ok_or(Unreadable)?, visitor)
        }
    )*};
}

impl<'de> de::Deserializer<'de> for Reader {
    type Error = Unreadable;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        if let Some(text) = self.0.as_string() {
            visitor.visit_string(text)
        } else if let Some(yes) = self.0.as_bool() {
            visitor.visit_bool(yes)
        } else if let Some(number) = self.0.as_f64() {
            Self::number(number, visitor)
        } else if self.is_nothing() {
            visitor.visit_unit()
        } else if Array::is_array(&self.0) {
            self.deserialize_seq(visitor)
        } else {
            self.deserialize_map(visitor)
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        visitor.visit_bool(self.0.as_bool().ok_or(Unreadable)?)
    }

    numbers! {
        deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64
        deserialize_f32 deserialize_f64
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        visitor.visit_string(self.text()?)
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        visitor.visit_string(self.text()?)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        if self.is_nothing() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        if !Array::is_array(&self.0) {
            return Err(Unreadable);
        }
        visitor.visit_seq(Items { items: self.0.into(), at: 0 })
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        if !self.0.is_object() {
            return Err(Unreadable);
        }
        visitor.visit_map(Pairs { pairs: Object::entries(&self.0.into()), at: 0 })
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        names: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        if !self.0.is_object() {
            return Err(Unreadable);
        }
        visitor.visit_map(Fields { object: self.0, names, at: 0, value: JsValue::UNDEFINED })
    }

    /// Our enums are names.
    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        names: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        let name = self.text()?;
        let at = names.iter().position(|other| *other == name).ok_or(Unreadable)?;
        let place: U32Deserializer<Unreadable> = (at as u32).into_deserializer();
        visitor.visit_enum(place)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        i128 u128 char bytes byte_buf unit unit_struct tuple tuple_struct identifier
    }
}

struct Items {
    items: Array,
    at: u32,
}

impl<'de> de::SeqAccess<'de> for Items {
    type Error = Unreadable;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Unreadable> {
        if self.at >= self.items.length() {
            return Ok(None);
        }
        self.at += 1;
        seed.deserialize(Reader(self.items.get(self.at - 1))).map(Some)
    }
}

/// The fields of a type that are there.
struct Fields {
    object: JsValue,
    names: &'static [&'static str],
    at: usize,
    value: JsValue,
}

impl Fields {
    /// The place of the next field that is there; its value waits.
    fn next(&mut self) -> Option<usize> {
        while let Some(name) = self.names.get(self.at) {
            self.at += 1;
            let value = Reflect::get(&self.object, &(*name).into()).unwrap_or_default();
            if !value.is_undefined() {
                self.value = value;
                return Some(self.at - 1);
            }
        }
        None
    }
}

impl<'de> de::MapAccess<'de> for Fields {
    type Error = Unreadable;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Unreadable> {
        let Some(at) = self.next() else { return Ok(None) };
        let place: U64Deserializer<Unreadable> = (at as u64).into_deserializer();
        seed.deserialize(place).map(Some)
    }

    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value, Unreadable> {
        seed.deserialize(Reader(std::mem::take(&mut self.value)))
    }
}

/// Any object, for what wants its keys.
struct Pairs {
    pairs: Array,
    at: u32,
}

impl<'de> de::MapAccess<'de> for Pairs {
    type Error = Unreadable;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Unreadable> {
        if self.at >= self.pairs.length() {
            return Ok(None);
        }
        let key = Array::from(&self.pairs.get(self.at)).get(0).as_string().ok_or(Unreadable)?;
        let key: StringDeserializer<Unreadable> = key.into_deserializer();
        seed.deserialize(key).map(Some)
    }

    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value, Unreadable> {
        self.at += 1;
        seed.deserialize(Reader(Array::from(&self.pairs.get(self.at - 1)).get(1)))
    }
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("unreadable")
    }
}

impl std::error::Error for Unreadable {}

/// Every way to fail is the same one: what would be said is never made.
impl de::Error for Unreadable {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self
    }
    fn invalid_type(_: de::Unexpected<'_>, _: &dyn de::Expected) -> Self {
        Self
    }
    fn invalid_value(_: de::Unexpected<'_>, _: &dyn de::Expected) -> Self {
        Self
    }
    fn invalid_length(_: usize, _: &dyn de::Expected) -> Self {
        Self
    }
    fn unknown_variant(_: &str, _: &'static [&'static str]) -> Self {
        Self
    }
    fn unknown_field(_: &str, _: &'static [&'static str]) -> Self {
        Self
    }
    fn missing_field(_: &'static str) -> Self {
        Self
    }
    fn duplicate_field(_: &'static str) -> Self {
        Self
    }
}
