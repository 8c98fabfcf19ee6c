//! Pages by key: where the last page ended, signed together with the list and its filters, so that a
//! cursor of another list or other filters is refused instead of giving nonsense.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect, Select};
use sealpost_shared::page::{DEFAULT_LIMIT, MAX_LIMIT, Page};
use sealpost_shared::problem::ProblemCode;
use uuid::Uuid;

use crate::problem::{Problem, Result};
use crate::secrets::KeyRing;

const MAC_LENGTH: usize = 16;

/// A place in a list that is sorted by time and id, newest first.
pub type Place = (DateTime<Utc>, Uuid);

pub struct Paging<'a> {
    ring: &'a KeyRing,
    /// Names the list and its filters.
    list: String,
    limit: u64,
    after: Option<Place>,
}

impl<'a> Paging<'a> {
    pub fn new(ring: &'a KeyRing, list: String, limit: Option<u64>, cursor: Option<&str>) -> Result<Self> {
        let limit = limit.unwrap_or(DEFAULT_LIMIT);
        if !(1..=MAX_LIMIT).contains(&limit) {
            return Err(Problem::new(ProblemCode::BadRequest, "`limit` must be 1 to 200"));
        }
        let mut paging = Self { ring, list, limit, after: None };
        paging.after = cursor.map(|cursor| paging.read(cursor)).transpose()?;
        Ok(paging)
    }

    /// Sorts newest first, starts after the cursor, and takes one more than fits: it tells whether more follows.
    pub fn apply<E: EntityTrait>(&self, select: Select<E>, at: E::Column, id: E::Column) -> Select<E> {
        let select = match self.after {
            Some((time, last)) => select.filter(at.lte(time)).filter(at.lt(time).or(id.lt(last))),
            None => select,
        };
        select.order_by_desc(at).order_by_desc(id).limit(self.limit + 1)
    }

    /// The same for what is still to come: what comes first stands first.
    pub fn apply_soonest<E: EntityTrait>(
        &self,
        select: Select<E>,
        at: E::Column,
        id: E::Column,
    ) -> Select<E> {
        let select = match self.after {
            Some((time, last)) => select.filter(at.gte(time)).filter(at.gt(time).or(id.gt(last))),
            None => select,
        };
        select.order_by_asc(at).order_by_asc(id).limit(self.limit + 1)
    }

    /// The same for a list in the order of its numbers: a number stands where the id does, see [`numbered`].
    pub fn apply_by_number<E: EntityTrait>(&self, select: Select<E>, number: E::Column) -> Select<E> {
        let select = match self.after {
            Some((_, last)) => select.filter(number.lt(i64::try_from(last.as_u128()).unwrap_or(i64::MAX))),
            None => select,
        };
        select.order_by_desc(number).limit(self.limit + 1)
    }

    /// Cuts the rows to the page and makes the next cursor.
    pub fn page<T>(&self, mut rows: Vec<T>, place: impl Fn(&T) -> Place) -> Page<T> {
        let limit = usize::try_from(self.limit).unwrap_or(usize::MAX);
        let has_more = rows.len() > limit;
        rows.truncate(limit);
        let next_cursor = has_more.then(|| rows.last().map(|row| self.write(place(row)))).flatten();
        Page { data: rows, has_more, next_cursor }
    }

    fn write(&self, (time, id): Place) -> String {
        let mut bytes = time.timestamp_micros().to_be_bytes().to_vec();
        bytes.extend_from_slice(id.as_bytes());
        bytes.extend_from_slice(&self.mac(&bytes));
        URL_SAFE_NO_PAD.encode(bytes)
    }

    fn read(&self, cursor: &str) -> Result<Place> {
        let invalid = || Problem::from(ProblemCode::CursorInvalid);
        let bytes = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| invalid())?;
        let (time, rest) = bytes.split_first_chunk::<8>().ok_or_else(invalid)?;
        let (id, mac) = rest.split_first_chunk::<16>().ok_or_else(invalid)?;
        if !bool::from(subtle::ConstantTimeEq::ct_eq(mac, &self.mac(&bytes[..24])[..])) {
            return Err(invalid());
        }
        let time = DateTime::from_timestamp_micros(i64::from_be_bytes(*time)).ok_or_else(invalid)?;
        Ok((time, Uuid::from_bytes(*id)))
    }

    fn mac(&self, place: &[u8]) -> Vec<u8> {
        let mut mac = self.ring.keyed_hash("cursor", &[self.list.as_bytes(), b"\0", place].concat());
        mac.truncate(MAC_LENGTH);
        mac
    }
}

/// The place of a row in a list that is sorted by its numbers.
pub fn numbered(at: DateTime<Utc>, number: i64) -> Place {
    (at, Uuid::from_u128(u128::from(number.unsigned_abs())))
}

/// Turns a page of rows into a page of what the caller sees.
pub fn map<T, U>(page: Page<T>, data: Vec<U>) -> Page<U> {
    Page { data, has_more: page.has_more, next_cursor: page.next_cursor }
}
