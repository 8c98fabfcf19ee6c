//! The outbox: notices on their way out (security.md D16).

crate::sql::migration!(DDL);

const DDL: &str = "
CREATE TABLE deliveries (
    id {id} PRIMARY KEY,
    organization_id {id} NOT NULL,
    contact_id {id} NOT NULL,
    message_id {id} NOT NULL,
    link_id {id},
    channel TEXT NOT NULL,
    class BIGINT NOT NULL,
    status TEXT NOT NULL,
    sealed_content {bytes},
    address_version BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    next_attempt_at {time} NOT NULL,
    not_after {time} NOT NULL,
    lease_token {id},
    leased_until {time},
    callback_handle {id} NOT NULL UNIQUE,
    provider_message_id TEXT,
    failure_code TEXT,
    failure_detail TEXT,
    created_at {time} NOT NULL,
    sent_at {time},
    settled_at {time},
    UNIQUE (organization_id, id),
    FOREIGN KEY (organization_id, contact_id) REFERENCES contacts (organization_id, id),
    FOREIGN KEY (organization_id, message_id) REFERENCES messages (organization_id, id),
    FOREIGN KEY (organization_id, link_id) REFERENCES links (organization_id, id)
) {strict};

CREATE INDEX deliveries_due ON deliveries (next_attempt_at) WHERE status IN ('queued', 'sending');
CREATE INDEX deliveries_of_message ON deliveries (organization_id, message_id, created_at, id);
CREATE INDEX deliveries_of_contact ON deliveries (organization_id, contact_id);
CREATE INDEX deliveries_of_link ON deliveries (link_id, created_at);
";
