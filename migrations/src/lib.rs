//! Sealpost's tables. One file per migration; the only place that writes DDL, for both engines.
//!
//! Every table but `server_keys`, `budgets`, `account_guards`, `channels` and `clock_marks` carries the organization in its
//! keys: `UNIQUE (organization_id, id)` is what other tables point at (security.md D13), so a row
//! cannot belong to one organization and its parent to another.

#[macro_use]
pub mod crash_points;
mod m20261123_000001_organizations;
mod m20261123_000002_contacts;
mod m20261123_000003_conversations;
mod m20261123_000004_links;
mod m20261123_000005_deliveries;
mod m20261123_000006_records;
mod m20261123_000007_settings;
mod m20261123_000008_setup;
mod m20261123_000009_inbound;
mod m20261123_000010_signing_in;
mod m20261123_000011_passkeys;
mod m20261123_000012_guessing;
mod m20261123_000013_tenants;
mod m20261123_000014_vault;
mod m20261123_000016_texts;
mod m20261123_000017_key_versions;
mod m20261123_000018_outbox;
mod m20261123_000020_key_uses;
mod m20261123_000021_sending_later;
mod m20261123_000022_device_steps;
mod m20261123_000023_reminders;
pub mod row_security;
mod sql;

use sea_orm_migration::prelude::*;

pub use sea_orm_migration::MigratorTrait;

pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261123_000001_organizations::Migration),
            Box::new(m20261123_000002_contacts::Migration),
            Box::new(m20261123_000003_conversations::Migration),
            Box::new(m20261123_000004_links::Migration),
            Box::new(m20261123_000005_deliveries::Migration),
            Box::new(m20261123_000006_records::Migration),
            Box::new(m20261123_000007_settings::Migration),
            Box::new(m20261123_000008_setup::Migration),
            Box::new(m20261123_000009_inbound::Migration),
            Box::new(m20261123_000010_signing_in::Migration),
            Box::new(m20261123_000011_passkeys::Migration),
            Box::new(m20261123_000012_guessing::Migration),
            Box::new(m20261123_000013_tenants::Migration),
            Box::new(m20261123_000014_vault::Migration),
            Box::new(m20261123_000016_texts::Migration),
            Box::new(m20261123_000017_key_versions::Migration),
            Box::new(m20261123_000018_outbox::Migration),
            Box::new(m20261123_000020_key_uses::Migration),
            Box::new(m20261123_000021_sending_later::Migration),
            Box::new(m20261123_000022_device_steps::Migration),
            Box::new(m20261123_000023_reminders::Migration),
        ]
    }
}
