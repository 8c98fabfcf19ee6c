//! Organizations, the people who work there, and how they sign in.

mod bootstrap;
mod one_time;
pub mod routes;
pub mod service;
mod sign_in;

use sealpost_shared::staff::OrganizationCard;

pub use bootstrap::{NewOrganization, NewUser, create_api_key, create_organization, create_user};
pub use one_time::create_one_time_sign_in;

use crate::entities::organization;

/// What anybody with a link may know of an organization.
pub fn organization_card(row: &organization::Model) -> OrganizationCard {
    OrganizationCard {
        name: row.name.clone(),
        phone: row.phone.clone(),
        accent_color: row.accent_color.clone(),
        emergency_notice: row.emergency_notice.clone(),
    }
}
