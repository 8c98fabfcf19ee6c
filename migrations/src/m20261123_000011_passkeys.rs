//! Which browser a staff session is in; what a key may do and until when; passkeys, and the ceremonies that make and use them.

crate::sql::migration!(DDL);

const DDL: &str = "
ALTER TABLE staff_sessions ADD COLUMN browser TEXT;
ALTER TABLE staff_sessions ADD COLUMN system TEXT;

ALTER TABLE api_keys ADD COLUMN prefix TEXT;
ALTER TABLE api_keys ADD COLUMN scope TEXT NOT NULL DEFAULT 'admin';
ALTER TABLE api_keys ADD COLUMN expires_at {time};

CREATE TABLE passkeys (
    id {id} PRIMARY KEY,
    organization_id {id} NOT NULL,
    user_id {id} NOT NULL,
    credential_hash {bytes} NOT NULL,
    sealed_name {bytes} NOT NULL,
    sealed_credential {bytes} NOT NULL,
    counter BIGINT NOT NULL,
    created_at {time} NOT NULL,
    used_at {time},
    distrusted_at {time},
    UNIQUE (organization_id, id),
    UNIQUE (organization_id, credential_hash),
    FOREIGN KEY (organization_id, user_id) REFERENCES users (organization_id, id)
) {strict};

CREATE INDEX passkeys_of_user ON passkeys (organization_id, user_id, created_at);

CREATE TABLE passkey_ceremonies (
    id_hash {bytes} PRIMARY KEY,
    organization_id {id} NOT NULL,
    user_id {id} NOT NULL,
    session_id {id} NOT NULL,
    purpose TEXT NOT NULL,
    sealed_state {bytes} NOT NULL,
    expires_at {time} NOT NULL,
    FOREIGN KEY (organization_id, user_id) REFERENCES users (organization_id, id)
) {strict};

CREATE INDEX passkey_ceremonies_ended ON passkey_ceremonies (expires_at);
";
