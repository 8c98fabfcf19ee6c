//! What comes back by text and email: once per message of a provider, for ever (security.md D31).

crate::sql::migration!(DDL);

const DDL: &str = "
ALTER TABLE messages ADD COLUMN keyword TEXT;

ALTER TABLE deliveries ADD COLUMN despite_opt_out {bool} NOT NULL DEFAULT FALSE;

CREATE TABLE inbound_messages (
    id {id} PRIMARY KEY,
    organization_id {id} NOT NULL REFERENCES organizations (id),
    provider TEXT NOT NULL,
    account TEXT NOT NULL,
    provider_message_id TEXT NOT NULL,
    channel TEXT NOT NULL,
    outcome TEXT NOT NULL,
    message_id {id},
    sealed_content {bytes},
    received_at {time} NOT NULL,
    UNIQUE (organization_id, id),
    UNIQUE (provider, account, provider_message_id),
    FOREIGN KEY (organization_id, message_id) REFERENCES messages (organization_id, id)
) {strict};

CREATE INDEX inbound_messages_held ON inbound_messages (received_at) WHERE sealed_content IS NOT NULL;
";
