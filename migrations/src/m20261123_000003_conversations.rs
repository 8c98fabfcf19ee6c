//! The thread both sides write in; who has read it; the numbers on the badges.

crate::sql::migration!(DDL);

const DDL: &str = "
CREATE TABLE conversations (
    id {id} PRIMARY KEY,
    organization_id {id} NOT NULL,
    contact_id {id} NOT NULL,
    has_inbound {bool} NOT NULL,
    has_outbound {bool} NOT NULL,
    archived_at {time},
    last_message_id {id} NOT NULL,
    last_message_at {time} NOT NULL,
    last_secure {bool} NOT NULL,
    created_at {time} NOT NULL,
    updated_at {time} NOT NULL,
    UNIQUE (organization_id, id),
    UNIQUE (organization_id, contact_id),
    FOREIGN KEY (organization_id, contact_id) REFERENCES contacts (organization_id, id)
) {strict};

CREATE INDEX conversations_inbox ON conversations (organization_id, last_message_at, id)
    WHERE has_inbound AND archived_at IS NULL;
CREATE INDEX conversations_outbox ON conversations (organization_id, last_message_at, id) WHERE has_outbound;
CREATE INDEX conversations_archived ON conversations (organization_id, last_message_at, id)
    WHERE archived_at IS NOT NULL;

CREATE TABLE conversation_unreads (
    organization_id {id} NOT NULL,
    conversation_id {id} NOT NULL,
    user_id {id} NOT NULL,
    PRIMARY KEY (conversation_id, user_id),
    FOREIGN KEY (organization_id, conversation_id) REFERENCES conversations (organization_id, id),
    FOREIGN KEY (organization_id, user_id) REFERENCES users (organization_id, id)
) {strict};

CREATE INDEX conversation_unreads_of_user ON conversation_unreads (user_id, conversation_id);

CREATE TABLE folder_counts (
    organization_id {id} NOT NULL REFERENCES organizations (id),
    user_id {id} NOT NULL,
    folder TEXT NOT NULL,
    number BIGINT NOT NULL,
    PRIMARY KEY (organization_id, user_id, folder)
) {strict};

CREATE TABLE messages (
    id {id} PRIMARY KEY,
    organization_id {id} NOT NULL,
    conversation_id {id} NOT NULL,
    contact_id {id} NOT NULL,
    direction TEXT NOT NULL,
    author_kind TEXT NOT NULL,
    author_id {id},
    author_name TEXT NOT NULL,
    sealed_body {bytes} NOT NULL,
    secure {bool} NOT NULL,
    channel TEXT,
    own_pin_hash TEXT,
    own_pin_digits {bool} NOT NULL,
    client_message_id {id},
    created_at {time} NOT NULL,
    read_at {time},
    UNIQUE (organization_id, id),
    UNIQUE (conversation_id, client_message_id),
    FOREIGN KEY (organization_id, conversation_id) REFERENCES conversations (organization_id, id),
    FOREIGN KEY (organization_id, contact_id) REFERENCES contacts (organization_id, id)
) {strict};

CREATE INDEX messages_newest ON messages (conversation_id, created_at, id);
CREATE INDEX messages_of_contact ON messages (contact_id, created_at, id);
";
