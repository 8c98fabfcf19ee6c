//! The endpoints of the settings, one function each.

use sealpost_shared::contact_fields::{ContactField, CreateContactField, UpdateContactField};
use sealpost_shared::conversations::Message;
use sealpost_shared::ids::ContactFieldId;
use sealpost_shared::page::Page;
use sealpost_shared::paths;
use sealpost_shared::settings::{
    OrganizationSettings, PreviewSecureMessaging, SecureMessagingPreview, SecureMessagingSettings,
    SecuritySettings, SendTestMessage, SendingSettings, UpdateOrganizationSettings,
    UpdateSecureMessagingSettings, UpdateSecuritySettings, UpdateSendingSettings,
};
use uuid::Uuid;
use web_sys::File;

use super::{Answer, Empty, Method, get, idempotent, send, send_file, send_quietly, send_with};

pub async fn secure_messaging() -> Answer<SecureMessagingSettings> {
    get(paths::SETTINGS_SECURE_MESSAGING).await
}

pub async fn update_secure_messaging(
    patch: &UpdateSecureMessagingSettings,
) -> Answer<SecureMessagingSettings> {
    send(Method::Patch, paths::SETTINGS_SECURE_MESSAGING, patch).await
}

/// What would arrive. Saves nothing and sends nothing.
pub async fn preview_secure_messaging(drafts: &PreviewSecureMessaging) -> Answer<SecureMessagingPreview> {
    send(Method::Post, paths::SETTINGS_SECURE_MESSAGING_PREVIEW, drafts).await
}

/// The same `key` twice is one message.
pub async fn send_test(test: &SendTestMessage, key: Uuid) -> Answer<Message> {
    let key = key.to_string();
    send_with(Method::Post, paths::SETTINGS_SECURE_MESSAGING_TEST, test, &idempotent(&key)).await
}

pub async fn organization() -> Answer<OrganizationSettings> {
    get(paths::SETTINGS_ORGANIZATION).await
}

pub async fn update_organization(patch: &UpdateOrganizationSettings) -> Answer<OrganizationSettings> {
    send(Method::Patch, paths::SETTINGS_ORGANIZATION, patch).await
}

/// The picture as it was chosen; the server makes a logo of it.
pub async fn put_logo(file: &File) -> Answer<OrganizationSettings> {
    send_file(Method::Put, paths::SETTINGS_ORGANIZATION_LOGO, file).await
}

pub async fn remove_logo() -> Answer<()> {
    send_quietly(Method::Delete, paths::SETTINGS_ORGANIZATION_LOGO, &Empty {}).await
}

pub async fn security() -> Answer<SecuritySettings> {
    get(paths::SETTINGS_SECURITY).await
}

pub async fn update_security(patch: &UpdateSecuritySettings) -> Answer<SecuritySettings> {
    send(Method::Patch, paths::SETTINGS_SECURITY, patch).await
}

pub async fn sending() -> Answer<SendingSettings> {
    get(paths::SETTINGS_SENDING).await
}

pub async fn update_sending(patch: &UpdateSendingSettings) -> Answer<SendingSettings> {
    send(Method::Patch, paths::SETTINGS_SENDING, patch).await
}

/// The organization's own fields; one page holds them all.
pub async fn contact_fields() -> Answer<Page<ContactField>> {
    get(paths::CONTACT_FIELDS).await
}

/// The same `key` twice makes one field.
pub async fn create_contact_field(field: &CreateContactField, key: Uuid) -> Answer<ContactField> {
    send_with(Method::Post, paths::CONTACT_FIELDS, field, &idempotent(&key.to_string())).await
}

pub async fn update_contact_field(id: ContactFieldId, patch: &UpdateContactField) -> Answer<ContactField> {
    send(Method::Patch, &of_field(id), patch).await
}

pub async fn delete_contact_field(id: ContactFieldId) -> Answer<()> {
    send_quietly(Method::Delete, &of_field(id), &Empty {}).await
}

fn of_field(id: ContactFieldId) -> String {
    format!("{}/{id}", paths::CONTACT_FIELDS)
}
