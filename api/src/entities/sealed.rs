//! Every column that an organization's or a contact's key seals, for sealing it anew under the newest version.

use sea_orm::sea_query::{
    Alias, Condition, Expr, ExprTrait, Func, Order, Query, SelectStatement, SimpleExpr,
};
use sea_orm::{ConnectionTrait, DbErr, QueryResult};
use sealpost_shared::conversations::Direction;
use sealpost_shared::ids::{ContactId, OrganizationId};
use uuid::Uuid;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SealedColumn {
    ContactPhone,
    ContactEmail,
    ContactCustomFields,
    MessageBody,
    ScheduledBody,
    DeliveryContent,
    /// Kept answers that say something of a contact.
    ContactResponse,
    InboundContent,
    StaffMailContent,
    TotpSecret,
    PasskeyName,
    PasskeyCredential,
    PasskeyState,
    InvitationEmail,
    /// The other kept answers.
    OrganizationResponse,
}

use SealedColumn::{
    ContactCustomFields, ContactEmail, ContactPhone, ContactResponse, DeliveryContent, InboundContent,
    InvitationEmail, MessageBody, OrganizationResponse, PasskeyCredential, PasskeyName, PasskeyState,
    ScheduledBody, StaffMailContent, TotpSecret,
};

impl SealedColumn {
    pub const OF_CONTACTS: [Self; 7] = [
        ContactPhone,
        ContactEmail,
        ContactCustomFields,
        MessageBody,
        ScheduledBody,
        DeliveryContent,
        ContactResponse,
    ];
    pub const OF_ORGANIZATIONS: [Self; 8] = [
        InboundContent,
        StaffMailContent,
        TotpSecret,
        PasskeyName,
        PasskeyCredential,
        PasskeyState,
        InvitationEmail,
        OrganizationResponse,
    ];

    /// Table and column.
    pub const fn place(self) -> (&'static str, &'static str) {
        match self {
            ContactPhone => ("contacts", "sealed_phone"),
            ContactEmail => ("contacts", "sealed_email"),
            ContactCustomFields => ("contacts", "sealed_custom_fields"),
            MessageBody => ("messages", "sealed_body"),
            ScheduledBody => ("scheduled_messages", "sealed_body"),
            DeliveryContent => ("deliveries", "sealed_content"),
            ContactResponse | OrganizationResponse => ("idempotency_keys", "sealed_response"),
            InboundContent => ("inbound_messages", "sealed_content"),
            StaffMailContent => ("staff_mails", "sealed_content"),
            TotpSecret => ("second_steps", "sealed_secret"),
            PasskeyName => ("passkeys", "sealed_name"),
            PasskeyCredential => ("passkeys", "sealed_credential"),
            PasskeyState => ("passkey_ceremonies", "sealed_state"),
            InvitationEmail => ("invitations", "sealed_email"),
        }
    }

    /// What names a row of the table within its organization.
    const fn names(self) -> &'static [&'static str] {
        match self {
            ContactResponse | OrganizationResponse => &["actor_id", "route", "key"],
            TotpSecret => &["user_id"],
            PasskeyState => &["id_hash"],
            _ => &["id"],
        }
    }

    fn whose(self, organization: OrganizationId, contact: Option<ContactId>) -> Condition {
        let own = Condition::all().add(column("organization_id").eq(organization));
        match (self, contact) {
            (ContactPhone | ContactEmail | ContactCustomFields, Some(contact)) => {
                own.add(column("id").eq(contact))
            }
            (_, Some(contact)) => own.add(column("contact_id").eq(contact)),
            (OrganizationResponse, None) => own.add(column("contact_id").is_null()),
            (_, None) => own,
        }
    }
}

/// What names a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Name {
    Id(Uuid),
    Hash(Vec<u8>),
    /// Who asked, where, with which key.
    Request(Uuid, String, String),
}

impl Name {
    fn of(column: SealedColumn, row: &QueryResult) -> Result<Self, DbErr> {
        Ok(match column {
            ContactResponse | OrganizationResponse => Self::Request(
                row.try_get("", "actor_id")?,
                row.try_get("", "route")?,
                row.try_get("", "key")?,
            ),
            PasskeyState => Self::Hash(row.try_get("", "id_hash")?),
            TotpSecret => Self::Id(row.try_get("", "user_id")?),
            _ => Self::Id(row.try_get("", "id")?),
        })
    }

    fn is_it(&self, of: SealedColumn) -> Condition {
        let all = Condition::all();
        match self {
            Self::Id(id) => all.add(column(of.names()[0]).eq(*id)),
            Self::Hash(hash) => all.add(column("id_hash").eq(hash.clone())),
            Self::Request(actor, route, key) => all
                .add(column("actor_id").eq(*actor))
                .add(column("route").eq(route.as_str()))
                .add(column("key").eq(key.as_str())),
        }
    }
}

pub struct Sealed {
    pub name: Name,
    pub sealed: Vec<u8>,
    /// Of messages.
    pub direction: Option<Direction>,
}

fn column(name: &'static str) -> SimpleExpr {
    Expr::col(Alias::new(name))
}

/// Those that another version than this one sealed. A seal's bytes 2 to 5 say which: see `secrets::seal`.
fn select(
    of: SealedColumn,
    organization: OrganizationId,
    contact: Option<ContactId>,
    version: u32,
) -> SelectStatement {
    let (table, sealed) = of.place();
    let said = Func::cust(Alias::new("substr")).args([column(sealed), Expr::val(2), Expr::val(4)]);
    Query::select()
        .columns(of.names().iter().map(|name| Alias::new(*name)))
        .column(Alias::new(sealed))
        .from(Alias::new(table))
        .cond_where(of.whose(organization, contact))
        .and_where(column(sealed).is_not_null())
        .and_where(SimpleExpr::from(said).ne(version.to_be_bytes().to_vec()))
        .to_owned()
}

/// Some of them, the first by name.
pub async fn list_under_others(
    db: &impl ConnectionTrait,
    of: SealedColumn,
    organization: OrganizationId,
    contact: Option<ContactId>,
    version: u32,
    most: u64,
) -> Result<Vec<Sealed>, DbErr> {
    let mut select = select(of, organization, contact, version);
    if of == MessageBody {
        select.column(Alias::new("direction"));
    }
    for name in of.names() {
        select.order_by(Alias::new(*name), Order::Asc);
    }
    let rows = db.query_all(select.limit(most)).await?;
    let each = rows.iter().map(|row| {
        let direction = if of == MessageBody { Some(row.try_get("", "direction")?) } else { None };
        Ok(Sealed { name: Name::of(of, row)?, sealed: row.try_get("", of.place().1)?, direction })
    });
    each.collect()
}

/// Whether there is one.
pub async fn has_others(
    db: &impl ConnectionTrait,
    of: SealedColumn,
    organization: OrganizationId,
    contact: Option<ContactId>,
    version: u32,
) -> Result<bool, DbErr> {
    Ok(db.query_one(select(of, organization, contact, version).limit(1)).await?.is_some())
}

/// The same under another version, unless somebody changed it meanwhile. True when it was done.
pub async fn set(
    tx: &impl ConnectionTrait,
    of: SealedColumn,
    organization: OrganizationId,
    old: &Sealed,
    new: Vec<u8>,
) -> Result<bool, DbErr> {
    let (table, sealed) = of.place();
    let update = Query::update()
        .table(Alias::new(table))
        .value(Alias::new(sealed), new)
        .and_where(column("organization_id").eq(organization))
        .cond_where(old.name.is_it(of))
        .and_where(column(sealed).eq(old.sealed.clone()))
        .to_owned();
    Ok(tx.execute(&update).await?.rows_affected() == 1)
}
