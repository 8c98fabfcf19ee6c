//! How a patient gets in and stays in: links, the guards that count wrong PINs, sessions.

crate::sql::migration!(DDL);

const DDL: &str = "
CREATE TABLE links (
    id {id} PRIMARY KEY,
    organization_id {id} NOT NULL,
    contact_id {id} NOT NULL,
    conversation_id {id} NOT NULL,
    message_id {id} NOT NULL,
    parent_id {id},
    origin TEXT NOT NULL,
    channel TEXT NOT NULL,
    lifetime TEXT NOT NULL,
    token_hash {bytes} NOT NULL UNIQUE,
    token_key_version BIGINT NOT NULL,
    created_at {time} NOT NULL,
    expires_at {time} NOT NULL,
    opened_at {time},
    read_at {time},
    revoked_at {time},
    relink_after {time} NOT NULL,
    UNIQUE (organization_id, id),
    FOREIGN KEY (organization_id, contact_id) REFERENCES contacts (organization_id, id),
    FOREIGN KEY (organization_id, conversation_id) REFERENCES conversations (organization_id, id),
    FOREIGN KEY (organization_id, message_id) REFERENCES messages (organization_id, id),
    FOREIGN KEY (organization_id, parent_id) REFERENCES links (organization_id, id)
) {strict};

CREATE INDEX links_of_conversation ON links (conversation_id, created_at, id);
CREATE INDEX links_of_contact ON links (contact_id, created_at, id);
CREATE INDEX links_of_message ON links (organization_id, message_id, created_at, id);

CREATE TABLE link_guards (
    organization_id {id} NOT NULL,
    link_id {id} NOT NULL,
    window_left BIGINT NOT NULL,
    window_ends_at {time} NOT NULL,
    consecutive BIGINT NOT NULL,
    PRIMARY KEY (link_id),
    FOREIGN KEY (organization_id, link_id) REFERENCES links (organization_id, id)
) {strict};

CREATE TABLE patient_sessions (
    id {id} PRIMARY KEY,
    organization_id {id} NOT NULL,
    contact_id {id} NOT NULL,
    conversation_id {id} NOT NULL,
    link_id {id} NOT NULL,
    message_id {id} NOT NULL,
    session_version BIGINT NOT NULL,
    created_at {time} NOT NULL,
    active_at {time} NOT NULL,
    expires_at {time} NOT NULL,
    revoked_at {time},
    UNIQUE (organization_id, id),
    FOREIGN KEY (organization_id, contact_id) REFERENCES contacts (organization_id, id),
    FOREIGN KEY (organization_id, conversation_id) REFERENCES conversations (organization_id, id),
    FOREIGN KEY (organization_id, link_id) REFERENCES links (organization_id, id),
    FOREIGN KEY (organization_id, message_id) REFERENCES messages (organization_id, id)
) {strict};

CREATE INDEX patient_sessions_of_link ON patient_sessions (link_id);
";
