//! Messages that nobody has opened yet, and notices that go out on the other channel.

crate::sql::migration!(DDL);

// A reminder's row has the id of the message that it watches. Messages from before are not watched.
const DDL: &str = "
CREATE TABLE reminders (
    id {id} PRIMARY KEY,
    organization_id {id} NOT NULL,
    conversation_id {id} NOT NULL,
    contact_id {id} NOT NULL,
    made BIGINT NOT NULL,
    last_at {time} NOT NULL,
    due_at {time} NOT NULL,
    flagged_at {time},
    UNIQUE (organization_id, id),
    FOREIGN KEY (organization_id, id) REFERENCES messages (organization_id, id),
    FOREIGN KEY (organization_id, conversation_id) REFERENCES conversations (organization_id, id),
    FOREIGN KEY (organization_id, contact_id) REFERENCES contacts (organization_id, id)
) {strict};

CREATE INDEX reminders_due ON reminders (due_at) WHERE flagged_at IS NULL;
CREATE INDEX reminders_flagged ON reminders (organization_id, conversation_id) WHERE flagged_at IS NOT NULL;
CREATE INDEX reminders_of_contact ON reminders (contact_id);

ALTER TABLE sending_policies ADD COLUMN remind_after_hours BIGINT;
ALTER TABLE sending_policies ADD COLUMN remind_times BIGINT;
ALTER TABLE sending_policies ADD COLUMN fallback_to_email {bool} NOT NULL DEFAULT FALSE;
ALTER TABLE sending_policies ADD COLUMN fallback_to_sms {bool} NOT NULL DEFAULT FALSE;
ALTER TABLE sending_policies ADD COLUMN fallback_plain {bool} NOT NULL DEFAULT FALSE;

ALTER TABLE deliveries ADD COLUMN fallback_at {time};
ALTER TABLE deliveries ADD COLUMN fallback_of_id {id};
CREATE INDEX deliveries_fallback ON deliveries (fallback_at) WHERE fallback_at IS NOT NULL;
";
