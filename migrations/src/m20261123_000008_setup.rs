//! Setting up: how far it has come, second steps, invitations and their emails, and the installation's channels.

crate::sql::migration!(DDL);

const DDL: &str = "
CREATE TABLE setups (
    organization_id {id} PRIMARY KEY REFERENCES organizations (id),
    guided {bool} NOT NULL,
    skipped_steps TEXT NOT NULL,
    checked_address TEXT,
    dismissed_at {time},
    created_at {time} NOT NULL
) {strict};

CREATE TABLE second_steps (
    user_id {id} PRIMARY KEY,
    organization_id {id} NOT NULL,
    sealed_secret {bytes} NOT NULL,
    last_step BIGINT NOT NULL,
    confirmed_at {time},
    created_at {time} NOT NULL,
    FOREIGN KEY (organization_id, user_id) REFERENCES users (organization_id, id)
) {strict};

CREATE TABLE recovery_codes (
    user_id {id} NOT NULL,
    code_hash {bytes} NOT NULL,
    organization_id {id} NOT NULL,
    used_at {time},
    PRIMARY KEY (user_id, code_hash),
    FOREIGN KEY (organization_id, user_id) REFERENCES users (organization_id, id)
) {strict};

CREATE TABLE pending_sign_ins (
    id {id} PRIMARY KEY,
    organization_id {id} NOT NULL,
    user_id {id} NOT NULL,
    session_version BIGINT NOT NULL,
    expires_at {time} NOT NULL,
    used_at {time},
    FOREIGN KEY (organization_id, user_id) REFERENCES users (organization_id, id)
) {strict};

CREATE INDEX pending_sign_ins_ended ON pending_sign_ins (expires_at);
CREATE INDEX one_time_sign_ins_of_user ON one_time_sign_ins (user_id);
CREATE INDEX staff_sessions_of_user ON staff_sessions (organization_id, user_id, active_at);
CREATE INDEX users_of_organization ON users (organization_id, id);

CREATE TABLE invitations (
    id {id} PRIMARY KEY,
    organization_id {id} NOT NULL REFERENCES organizations (id),
    token_hash {bytes} NOT NULL UNIQUE,
    name TEXT NOT NULL,
    sealed_email {bytes} NOT NULL,
    email_index {bytes} NOT NULL,
    role TEXT NOT NULL,
    invited_by {id} NOT NULL,
    created_at {time} NOT NULL,
    expires_at {time} NOT NULL,
    accepted_at {time},
    withdrawn_at {time},
    UNIQUE (organization_id, id),
    FOREIGN KEY (organization_id, invited_by) REFERENCES users (organization_id, id)
) {strict};

CREATE UNIQUE INDEX invitations_open ON invitations (organization_id, email_index)
    WHERE accepted_at IS NULL AND withdrawn_at IS NULL;

CREATE TABLE staff_mails (
    id {id} PRIMARY KEY,
    organization_id {id} NOT NULL REFERENCES organizations (id),
    invitation_id {id},
    sealed_content {bytes},
    status TEXT NOT NULL,
    attempts BIGINT NOT NULL,
    next_attempt_at {time} NOT NULL,
    not_after {time} NOT NULL,
    lease_token {id},
    failure_code TEXT,
    failure_detail TEXT,
    created_at {time} NOT NULL,
    settled_at {time},
    UNIQUE (organization_id, id),
    FOREIGN KEY (organization_id, invitation_id) REFERENCES invitations (organization_id, id)
) {strict};

CREATE INDEX staff_mails_due ON staff_mails (next_attempt_at) WHERE status IN ('queued', 'sending');
CREATE INDEX staff_mails_of_invitation ON staff_mails (organization_id, invitation_id, created_at);

CREATE TABLE channels (
    channel TEXT PRIMARY KEY,
    version BIGINT NOT NULL,
    sealed_settings {bytes},
    tested_settings {bytes},
    tested_at {time},
    updated_at {time} NOT NULL
) {strict};
";
