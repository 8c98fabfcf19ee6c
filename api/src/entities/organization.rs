//! Practices, offices, firms: the tenants.

use chrono::TimeDelta;
use sea_orm::QuerySelect;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::LockType;
use sealpost_shared::ids::OrganizationId;
use sealpost_shared::paths::LOGOS;
use sealpost_shared::settings::OfficeHours;
use sealpost_shared::staff::OrganizationCard;
use sealpost_shared::text::CountryCode;

use crate::numbers;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "organizations")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: OrganizationId,
    pub name: String,
    pub phone: Option<String>,
    pub accent_color: Option<String>,
    pub emergency_notice: Option<String>,
    pub time_zone: String,
    /// A JSON list of `shared::settings::OfficeHours`.
    pub office_hours: Option<String>,
    /// Of the picture in `organization_logos`.
    pub logo_hash: Option<String>,
    /// Who works here proves themselves twice.
    pub require_second_factor: bool,
    /// A desk that nobody touches signs out after this long.
    pub staff_idle_minutes: i64,
    /// Codes with spaces between; nothing: the default.
    pub text_countries: Option<String>,
    pub limit_monthly_segments: bool,
    pub monthly_segments: i64,
    pub created_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    pub fn office_hours(&self) -> Option<Vec<OfficeHours>> {
        serde_json::from_str(self.office_hours.as_deref()?).ok()
    }

    /// How long a session at the desk lasts when nobody does anything (security.md D11).
    pub fn staff_idle(&self) -> TimeDelta {
        TimeDelta::minutes(self.staff_idle_minutes)
    }

    /// Where the logo is served: its address changes with the picture.
    pub fn logo_url(&self) -> Option<String> {
        self.logo_hash.as_ref().map(|hash| format!("{LOGOS}/{}/{hash}.png", self.id))
    }

    /// Where texts may go.
    pub fn countries(&self) -> Vec<CountryCode> {
        match &self.text_countries {
            Some(codes) => codes.split(' ').filter_map(|code| code.parse().ok()).collect(),
            None => numbers::home(self.phone.as_deref(), &self.time_zone),
        }
    }

    /// How many segments a month may hold; nothing: as many as there are.
    pub fn segments_limit(&self) -> Option<i64> {
        self.limit_monthly_segments.then_some(self.monthly_segments)
    }

    /// The month and the day of this moment, by the practice's own calendar.
    pub fn periods(&self, at: DateTimeUtc) -> [String; 2] {
        let zone: chrono_tz::Tz = self.time_zone.parse().unwrap_or(chrono_tz::UTC);
        let day = at.with_timezone(&zone).format("%Y-%m-%d").to_string();
        [day[..7].to_owned(), day]
    }

    /// What anybody with a link may know of an organization.
    pub fn card(&self) -> OrganizationCard {
        OrganizationCard {
            name: self.name.clone(),
            phone: self.phone.clone(),
            accent_color: self.accent_color.clone(),
            emergency_notice: self.emergency_notice.clone(),
            logo_url: self.logo_url(),
        }
    }
}

pub async fn get(db: &impl ConnectionTrait, id: OrganizationId) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(id).one(db).await
}

/// For changing: on PostgreSQL nobody else changes the row until the transaction ends. The weaker of the two
/// row locks, so that rows which point here can be inserted meanwhile.
pub async fn get_locked(tx: &impl ConnectionTrait, id: OrganizationId) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(id).lock(LockType::NoKeyUpdate).one(tx).await
}

/// The organization of an installation that has just one.
pub async fn only(db: &impl ConnectionTrait) -> Result<Option<Model>, DbErr> {
    let mut some = Entity::find().limit(2).all(db).await?;
    Ok(if some.len() == 1 { some.pop() } else { None })
}

/// The one that the installation was set up for: the oldest.
pub async fn first(db: &impl ConnectionTrait) -> Result<Option<Model>, DbErr> {
    use sea_orm::QueryOrder;
    Entity::find().order_by_asc(Column::CreatedAt).order_by_asc(Column::Id).one(db).await
}

/// Lets nobody else make the first one meanwhile: two servers may start at once. SQLite has one writer anyway.
pub async fn lock(tx: &impl ConnectionTrait) -> Result<(), DbErr> {
    if tx.get_database_backend() == sea_orm::DbBackend::Postgres {
        tx.execute_unprepared("SELECT pg_advisory_xact_lock(727300002)").await?;
    }
    Ok(())
}

pub async fn list_ids(db: &impl ConnectionTrait) -> Result<Vec<OrganizationId>, DbErr> {
    Entity::find().select_only().column(Column::Id).into_tuple().all(db).await
}
