//! One contact with one message, and a gateway in memory.

use std::sync::{Arc, Mutex};

use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveModelTrait as _, ConnectionTrait, DatabaseTransaction, EntityTrait as _, IntoActiveModel as _, Set,
};
use sealpost_shared::conversations::{AuthorKind, Direction};
use sealpost_shared::ids::{ContactId, ConversationId, DeliveryId, MessageId, OrganizationId};

use crate::app;
use crate::clock::ManualClock;
use crate::config::Config;
use crate::delivery::{Content, Notice, SmsContent, Urgency, enqueue, worker::run_until_idle};
use crate::entities::{
    budget, contact, conversation, delivery, event, message, organization, organization_head,
};
use crate::ids::new_id;
use crate::journal::{Actor, Journal};
use crate::secrets::Field;
use crate::senders::Senders;
use crate::senders::{SendOutcome, SmsNotice, SmsSender};
use crate::state::State;

pub fn start() -> DateTime<Utc> {
    "2026-03-01T10:00:00Z".parse().expect("a time")
}

#[derive(Default)]
pub struct Gateway {
    seen: Mutex<Vec<(DeliveryId, String, String)>>,
    answers: Mutex<Vec<SendOutcome>>,
}

impl Gateway {
    pub fn will_answer(&self, answers: Vec<SendOutcome>) {
        *self.answers.lock().expect("unpoisoned") = answers;
    }

    pub fn seen(&self) -> Vec<(DeliveryId, String, String)> {
        self.seen.lock().expect("unpoisoned").clone()
    }

    pub fn bodies(&self) -> Vec<String> {
        self.seen().into_iter().map(|(_, _, body)| body).collect()
    }
}

#[async_trait::async_trait]
impl SmsSender for Gateway {
    async fn send(&self, sms: &SmsNotice<'_>) -> SendOutcome {
        let text = (sms.id, sms.to.as_str().to_owned(), sms.body.to_owned());
        self.seen.lock().expect("unpoisoned").push(text);
        let answer = self.answers.lock().expect("unpoisoned").pop();
        answer.unwrap_or(SendOutcome::Accepted { provider_id: None })
    }
}

pub struct World {
    pub state: State,
    pub clock: Arc<ManualClock>,
    pub gateway: Arc<Gateway>,
    organization: OrganizationId,
    contact: ContactId,
    message: MessageId,
    _folder: tempfile::TempDir,
}

impl World {
    pub async fn new(schedule: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let config = Config::from_pairs([
            ("SEALPOST_DATA_DIR", folder.path().to_str().expect("a path")),
            ("SEALPOST_DELIVERY_SCHEDULE", schedule),
        ])
        .expect("a configuration");
        let (ring, _) = app::load_keys(&config).expect("keys");
        let clock = Arc::new(ManualClock::at(start()));
        let gateway = Arc::new(Gateway::default());
        let senders = Senders::fixed(Some(gateway.clone()), None);
        let state = app::open(config, ring, clock.clone(), senders).await.expect("a state");
        let world = Self {
            state,
            clock,
            gateway,
            organization: new_id(start()),
            contact: new_id(start()),
            message: new_id(start()),
            _folder: folder,
        };
        let fill = world.state.db.of(world.organization).write(async |tx| {
            world.insert_organization(tx).await.expect("an organization");
            world.insert_contact(tx).await.expect("a contact");
            world.insert_message(tx).await.expect("a message");
            Ok(())
        });
        fill.await.expect("rows");
        world
    }

    async fn insert_organization(&self, tx: &impl ConnectionTrait) -> Result<(), sea_orm::DbErr> {
        let id = self.organization;
        let row = organization::ActiveModel {
            id: Set(id),
            name: Set("Riverside".to_owned()),
            time_zone: Set("UTC".to_owned()),
            created_at: Set(start()),
            ..Default::default()
        };
        row.insert(tx).await?;
        let row = self.state.secrets.ring().new_organization_keys(id, start()).expect("keys");
        row.into_active_model().reset_all().insert(tx).await?;
        let row = organization_head::ActiveModel {
            organization_id: Set(id),
            event_sequence: Set(0),
            audit_sequence: Set(0),
            audit_hash: Set(vec![0; 32]),
            audit_signature: Set(None),
        };
        row.insert(tx).await.map(|_| ())
    }

    async fn insert_contact(&self, tx: &impl ConnectionTrait) -> Result<(), sea_orm::DbErr> {
        let keys = self.state.secrets.organization(tx, self.organization).await.expect("keys");
        let (key, key_row) = keys.new_contact_key(self.contact, start()).expect("a key");
        let phone = key.seal(Field::ContactPhone, self.contact.uuid(), "+15550100142").expect("sealed");
        let row = contact::ActiveModel {
            id: Set(self.contact),
            organization_id: Set(self.organization),
            sealed_phone: Set(Some(phone)),
            phone_version: Set(1),
            email_version: Set(1),
            pin_digits: Set(false),
            session_version: Set(1),
            created_at: Set(start()),
            updated_at: Set(start()),
            ..Default::default()
        };
        row.insert(tx).await?;
        key_row.into_active_model().reset_all().insert(tx).await.map(|_| ())
    }

    async fn insert_message(&self, tx: &impl ConnectionTrait) -> Result<(), sea_orm::DbErr> {
        let conversation: ConversationId = new_id(start());
        let row = conversation::ActiveModel {
            id: Set(conversation),
            organization_id: Set(self.organization),
            contact_id: Set(self.contact),
            has_inbound: Set(false),
            has_outbound: Set(true),
            last_message_id: Set(self.message),
            last_message_at: Set(start()),
            last_secure: Set(true),
            created_at: Set(start()),
            updated_at: Set(start()),
            has_failed: Set(false),
            ..Default::default()
        };
        row.insert(tx).await?;
        let row = message::ActiveModel {
            id: Set(self.message),
            organization_id: Set(self.organization),
            conversation_id: Set(conversation),
            contact_id: Set(self.contact),
            direction: Set(Direction::Outbound),
            author_kind: Set(AuthorKind::System),
            author_name: Set("Riverside".to_owned()),
            sealed_body: Set(vec![0]),
            secure: Set(true),
            own_pin_digits: Set(false),
            created_at: Set(start()),
            ..Default::default()
        };
        row.insert(tx).await.map(|_| ())
    }

    pub async fn queue(&self, body: &str) -> delivery::Model {
        let contact = contact::get(&self.read().await, self.organization, self.contact).await;
        let contact = contact.expect("a look-up").expect("a contact");
        let work = self.state.db.of(self.organization).write(async |tx| {
            let key = self.state.secrets.contact(tx, self.organization, self.contact).await?;
            let content = Content::Sms(SmsContent::plain(body));
            let organization = organization::get(tx, self.organization).await?.expect("an organization");
            let notice = Notice {
                organization: &organization,
                contact: &contact,
                key: &key,
                message: self.message,
                link: None,
                content,
                urgency: Urgency::Ordinary,
            };
            let mut journal = Journal::new(self.organization, Actor::System, self.state.now());
            let row = enqueue(tx, self.state.now(), notice, &mut journal).await?;
            journal.write(tx).await?;
            Ok(row)
        });
        work.await.expect("queued")
    }

    /// As if nobody had sent anything: ten texts a day are all that one contact gets.
    pub async fn forget_limits(&self) {
        let forget =
            async |tx: &DatabaseTransaction| Ok(budget::Entity::delete_many().exec(tx).await.map(|_| ())?);
        self.state.db.before_organization().write(forget).await.expect("forgotten");
    }

    pub async fn deliver(&self) {
        run_until_idle(&self.state).await.expect("the worker");
    }

    pub async fn change_phone(&self, phone: &str) {
        let work = self.state.db.of(self.organization).write(async |tx| {
            let key = self.state.secrets.contact(tx, self.organization, self.contact).await?;
            let sealed = key.seal(Field::ContactPhone, self.contact.uuid(), phone)?;
            let change = contact::ActiveModel {
                id: Set(self.contact),
                sealed_phone: Set(Some(sealed)),
                phone_version: Set(2),
                ..Default::default()
            };
            Ok(change.update(tx).await.map(|_| ())?)
        });
        work.await.expect("changed");
    }

    pub async fn opt_out(&self) {
        let change = contact::ActiveModel {
            id: Set(self.contact),
            sms_opted_out_at: Set(Some(start())),
            ..Default::default()
        };
        let work =
            self.state.db.of(self.organization).write(async |tx| Ok(change.update(tx).await.map(|_| ())?));
        work.await.expect("changed");
    }

    async fn read(&self) -> sea_orm::DatabaseTransaction {
        self.state.db.of(self.organization).read().await.expect("a transaction")
    }

    async fn rows(&self) -> Vec<delivery::Model> {
        let db = self.read().await;
        delivery::list_of_messages(&db, self.organization, [self.message]).await.expect("rows")
    }

    pub async fn row(&self, id: DeliveryId) -> delivery::Model {
        self.rows().await.into_iter().find(|row| row.id == id).expect("a row")
    }

    pub async fn only_row(&self) -> delivery::Model {
        let mut rows = self.rows().await;
        assert_eq!(rows.len(), 1);
        rows.remove(0)
    }

    /// What staff and integrators heard.
    pub async fn events(&self) -> Vec<&'static str> {
        let rows = event::find_after(self.organization, 0).all(&self.read().await).await.expect("events");
        rows.iter().map(|row| row.kind.as_str()).collect()
    }
}
