//! Messages that wait for their time, and when an organization's messages go out.

crate::sql::migration!(DDL);

// A waiting message has the id that it will have as a message. An organization without a row of its own sends
// as `entities::sending_policy` says.
const DDL: &str = "
CREATE TABLE scheduled_messages (
    id {id} PRIMARY KEY,
    organization_id {id} NOT NULL,
    conversation_id {id} NOT NULL,
    contact_id {id} NOT NULL,
    author_kind TEXT NOT NULL,
    author_id {id},
    author_name TEXT NOT NULL,
    sealed_body {bytes} NOT NULL,
    secure {bool} NOT NULL,
    channel TEXT,
    link_lifetime TEXT,
    own_pin_hash TEXT,
    own_pin_digits {bool} NOT NULL,
    waiting TEXT NOT NULL,
    despite_quiet_hours {bool} NOT NULL,
    send_at {time} NOT NULL,
    next_try_at {time} NOT NULL,
    failed_at {time},
    failure_code TEXT,
    failure_detail TEXT,
    created_at {time} NOT NULL,
    updated_at {time} NOT NULL,
    UNIQUE (organization_id, id),
    FOREIGN KEY (organization_id, conversation_id) REFERENCES conversations (organization_id, id),
    FOREIGN KEY (organization_id, contact_id) REFERENCES contacts (organization_id, id)
) {strict};

CREATE INDEX scheduled_messages_due ON scheduled_messages (next_try_at) WHERE failed_at IS NULL;
CREATE INDEX scheduled_messages_next ON scheduled_messages (organization_id, send_at, id);
CREATE INDEX scheduled_messages_of_conversation ON scheduled_messages (conversation_id, send_at, id);
CREATE INDEX scheduled_messages_of_contact ON scheduled_messages (contact_id);

ALTER TABLE conversations ADD COLUMN next_send_at {time};
CREATE INDEX conversations_scheduled ON conversations (organization_id, next_send_at, id)
    WHERE next_send_at IS NOT NULL;

CREATE TABLE sending_policies (
    organization_id {id} PRIMARY KEY REFERENCES organizations (id),
    undo_seconds BIGINT NOT NULL,
    quiet_from TEXT,
    quiet_until TEXT,
    updated_at {time} NOT NULL
) {strict};
";
