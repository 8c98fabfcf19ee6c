//! What somebody who can write to the database does to an audit chain.

use proptest::prelude::*;

/// A column of an entry.
#[derive(Debug, Clone, Copy)]
pub enum Column {
    Id,
    ActorKind,
    ActorId,
    Action,
    Subject,
    CreatedAt,
    PreviousHash,
    Hash,
    Format,
    Sequence,
    Organization,
}

/// What somebody who can write to the database does; entries by their place from 0.
#[derive(Debug, Clone)]
pub enum Mischief {
    Change(usize, Column, usize),
    Remove(usize),
    CutTail(usize),
    /// The tail and the head's number and hash: everything but the signature.
    CutTailAndHead(usize),
    Swap(usize, usize),
    Append,
    /// Changes an entry and makes every later hash, and the head's, fit.
    Forge(usize),
    HeadSequence(i64),
    HeadHash(usize),
    HeadSignature(usize),
    NoSignature,
    NoHead,
}

pub fn mischief(length: usize) -> impl Strategy<Value = Mischief> {
    use Column as C;
    let columns = [
        C::Id,
        C::ActorKind,
        C::ActorId,
        C::Action,
        C::Subject,
        C::CreatedAt,
        C::PreviousHash,
        C::Hash,
        C::Format,
        C::Sequence,
        C::Organization,
    ];
    let change = (0..length, prop::sample::select(columns.to_vec()), 0..64_usize);
    prop_oneof![
        8 => change.prop_map(|(entry, column, byte)| Mischief::Change(entry, column, byte)),
        2 => (0..length).prop_map(Mischief::Remove),
        1 => (0..length).prop_map(Mischief::CutTail),
        2 => (0..length).prop_map(Mischief::CutTailAndHead),
        2 => (0..length - 1).prop_map(move |one| Mischief::Swap(one, one + 1)),
        2 => (0..length, 1..length).prop_map(move |(one, more)| Mischief::Swap(one, (one + more) % length)),
        1 => Just(Mischief::Append),
        2 => (0..length).prop_map(Mischief::Forge),
        1 => prop_oneof![Just(-1_i64), Just(1)].prop_map(Mischief::HeadSequence),
        1 => (0..32_usize).prop_map(Mischief::HeadHash),
        1 => (0..72_usize).prop_map(Mischief::HeadSignature),
        1 => Just(Mischief::NoSignature),
        1 => Just(Mischief::NoHead),
    ]
}
