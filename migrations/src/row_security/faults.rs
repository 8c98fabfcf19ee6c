//! The wall as it stands, beside the wall as it should: flags, policies word by word, rights of both roles.

use std::collections::{BTreeMap, BTreeSet};

use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend, DbErr, QueryResult, Statement};

use super::{LOOKUP, TENANT, own_rows, rights_of};

/// What stands on one table.
#[derive(Default)]
pub(super) struct Found {
    pub key: Option<String>,
    owner: String,
    in_force: bool,
    half: bool,
    policies: BTreeMap<String, Policy>,
    /// By role.
    rights: BTreeMap<String, BTreeSet<String>>,
}

#[derive(PartialEq, Eq)]
struct Policy {
    permissive: String,
    roles: String,
    command: String,
    using: String,
    check: String,
}

impl Found {
    /// Nothing of the wall: a table that was just made.
    pub fn is_new(&self) -> bool {
        self.policies.is_empty() && self.rights.is_empty() && !self.half
    }

    pub fn policies(&self) -> impl Iterator<Item = &str> {
        self.policies.keys().map(String::as_str)
    }

    /// What differs, in words, with the table's name.
    pub fn faults(&self, table: &str) -> Vec<String> {
        let mut faults = Vec::new();
        if [TENANT, LOOKUP].contains(&self.owner.as_str()) {
            faults.push(format!("{} owns {table}", self.owner));
        }
        let wanted = self.key.as_deref().map_or_else(BTreeMap::new, |key| policies(table, key));
        if self.key.is_some() && !self.in_force {
            faults.push(format!("row-level security is not in force on {table}"));
        } else {
            let names: BTreeSet<_> = wanted.keys().chain(self.policies.keys()).collect();
            let other = names.into_iter().filter(|name| wanted.get(*name) != self.policies.get(*name));
            faults.extend(
                other.map(|name| format!("the policy {name} on {table} is not as Sealpost makes it")),
            );
        }
        for role in [TENANT, LOOKUP, PUBLIC] {
            let wanted = rights_of(table, self.key.is_some(), role);
            if wanted != self.rights.get(role).cloned().unwrap_or_default() {
                faults.push(format!("{role} has other rights on {table} than Sealpost gives"));
            }
        }
        faults
    }
}

const PUBLIC: &str = "PUBLIC";

fn policies(table: &str, key: &str) -> BTreeMap<String, Policy> {
    let policy = |role: &str, using: &str, check: &str| Policy {
        permissive: "PERMISSIVE".to_owned(),
        roles: role.to_owned(),
        command: "ALL".to_owned(),
        using: plain(using),
        check: plain(check),
    };
    let own = own_rows(key);
    let mut policies = BTreeMap::from([(TENANT.to_owned(), policy(TENANT, &own, &own))]);
    if !rights_of(table, true, LOOKUP).is_empty() {
        let by_name = format!("current_user = '{LOOKUP}'");
        policies.insert(LOOKUP.to_owned(), policy(LOOKUP, &by_name, ""));
    }
    policies
}

/// An expression without what PostgreSQL adds when it shows it: brackets, spaces, casts of texts.
fn plain(expression: &str) -> String {
    let shown = expression.to_lowercase().replace("::text", "").replace("::name", "");
    shown.chars().filter(|c| !c.is_whitespace() && !['(', ')'].contains(c)).collect()
}

pub(super) async fn tables(db: &impl ConnectionTrait) -> Result<BTreeMap<String, Found>, DbErr> {
    let mut tables = BTreeMap::new();
    for row in rows(db, TABLES).await? {
        let found = Found {
            key: row.try_get_by_index(1)?,
            owner: row.try_get_by_index(2)?,
            in_force: row.try_get_by_index(3)?,
            half: row.try_get_by_index(4)?,
            ..Found::default()
        };
        tables.insert(row.try_get_by_index::<String>(0)?, found);
    }
    for row in rows(db, POLICIES).await? {
        let text = |at| row.try_get_by_index::<String>(at);
        if let Some(found) = tables.get_mut(&text(0)?) {
            let (using, check) = (plain(&text(5)?), plain(&text(6)?));
            let policy = Policy { permissive: text(2)?, roles: text(3)?, command: text(4)?, using, check };
            found.policies.insert(text(1)?, policy);
        }
    }
    for row in rows(db, RIGHTS).await? {
        let text = |at| row.try_get_by_index::<String>(at);
        if let Some(found) = tables.get_mut(&text(0)?) {
            found.rights.entry(text(1)?).or_default().insert(text(2)?);
        }
    }
    Ok(tables)
}

/// What is wrong with the roles themselves: such a role would not be held by any policy, or be more than it is.
pub(super) async fn roles(db: &impl ConnectionTrait) -> Result<Vec<String>, DbErr> {
    rows(db, ROLES).await?.iter().map(|row| row.try_get_by_index(0)).collect()
}

async fn rows(db: &impl ConnectionTrait, sql: &str) -> Result<Vec<QueryResult>, DbErr> {
    db.query_all_raw(Statement::from_string(DbBackend::Postgres, sql)).await
}

const ROLES: &str = "
    SELECT 'the role ' || wanted || ' is missing, or bypasses row-level security, or is not granted to ' || current_user
    FROM unnest(ARRAY['sealpost_tenant', 'sealpost_lookup']) AS wanted
    LEFT JOIN pg_roles ON rolname = wanted
    WHERE rolname IS NULL OR rolbypassrls OR rolsuper OR rolcreaterole
      OR NOT pg_has_role(current_user, pg_roles.oid, 'MEMBER')
    UNION ALL
    SELECT 'the role ' || own.rolname || ' is a member of ' || other.rolname
    FROM pg_auth_members
    JOIN pg_roles own ON own.oid = member AND own.rolname IN ('sealpost_tenant', 'sealpost_lookup')
    JOIN pg_roles other ON other.oid = roleid";

/// Each table but the migrations' own, with the column that says whose a row is.
const TABLES: &str = "
    SELECT relname::text, CASE WHEN relname = 'organizations' THEN 'id' ELSE attname::text END,
      pg_get_userbyid(relowner)::text, relrowsecurity AND relforcerowsecurity, relrowsecurity OR relforcerowsecurity
    FROM pg_class LEFT JOIN pg_attribute
      ON attrelid = pg_class.oid AND attname = 'organization_id' AND NOT attisdropped
    WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p') AND relname <> 'seaql_migrations'
    ORDER BY 1";

const POLICIES: &str = "
    SELECT tablename::text, policyname::text, permissive, array_to_string(roles, ','), cmd, COALESCE(qual, ''),
      COALESCE(with_check, '')
    FROM pg_policies WHERE schemaname = current_schema()";

/// Of the two roles, and of everybody, whose rights are theirs too.
const RIGHTS: &str = "
    SELECT relname::text, COALESCE(rolname::text, 'PUBLIC'), what || CASE WHEN handed_on THEN ' and hands it on' ELSE '' END
    FROM (
      SELECT relname, grantee, privilege_type AS what, is_grantable AS handed_on, relnamespace
      FROM pg_class CROSS JOIN LATERAL aclexplode(relacl)
      UNION ALL
      SELECT relname, grantee, privilege_type || ' (' || attname || ')', is_grantable, relnamespace
      FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid AND NOT attisdropped
      CROSS JOIN LATERAL aclexplode(attacl)
    ) AS given LEFT JOIN pg_roles ON pg_roles.oid = grantee
    WHERE relnamespace = current_schema()::regnamespace
      AND (grantee = 0 OR rolname IN ('sealpost_tenant', 'sealpost_lookup'))";
