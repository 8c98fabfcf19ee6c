//! Roles: their names in forms, and the keys of their words.

use sealpost_shared::staff::Role;

/// The usual one first.
pub const ROLES: [Role; 3] = [Role::Member, Role::Admin, Role::ReadOnly];

pub const fn role_name(role: Role) -> &'static str {
    match role {
        Role::Admin => "admin",
        Role::Member => "member",
        Role::ReadOnly => "read_only",
    }
}

pub fn role_from(name: &str) -> Option<Role> {
    ROLES.into_iter().find(|role| role_name(*role) == name)
}

pub const fn role_key(role: Role) -> &'static str {
    match role {
        Role::Admin => "role-admin",
        Role::Member => "role-member",
        Role::ReadOnly => "role-read-only",
    }
}
