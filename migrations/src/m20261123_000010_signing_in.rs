//! Signing in: who failed how often in a row, browsers that are known, password resets, and the organization's rules.

crate::sql::migration!(DDL);

const DDL: &str = "
ALTER TABLE organizations ADD COLUMN require_second_factor {bool} NOT NULL DEFAULT FALSE;
ALTER TABLE organizations ADD COLUMN staff_idle_minutes BIGINT NOT NULL DEFAULT 15;

ALTER TABLE pending_sign_ins ADD COLUMN to_enrol {bool} NOT NULL DEFAULT FALSE;

CREATE TABLE account_guards (
    scope TEXT NOT NULL,
    subject {bytes} NOT NULL,
    failures BIGINT NOT NULL,
    next_try_at {time} NOT NULL,
    tried_at {time} NOT NULL,
    disabled_at {time},
    PRIMARY KEY (scope, subject)
) {strict};

CREATE INDEX account_guards_tried ON account_guards (tried_at);

CREATE TABLE staff_devices (
    user_id {id} NOT NULL,
    token_hash {bytes} NOT NULL,
    organization_id {id} NOT NULL,
    failures BIGINT NOT NULL,
    created_at {time} NOT NULL,
    expires_at {time} NOT NULL,
    PRIMARY KEY (user_id, token_hash),
    FOREIGN KEY (organization_id, user_id) REFERENCES users (organization_id, id)
) {strict};

CREATE UNIQUE INDEX staff_devices_own ON staff_devices (organization_id, user_id, token_hash);
CREATE INDEX staff_devices_ended ON staff_devices (expires_at);

CREATE TABLE password_resets (
    token_hash {bytes} PRIMARY KEY,
    organization_id {id} NOT NULL,
    user_id {id} NOT NULL,
    created_at {time} NOT NULL,
    expires_at {time} NOT NULL,
    used_at {time},
    FOREIGN KEY (organization_id, user_id) REFERENCES users (organization_id, id)
) {strict};

CREATE UNIQUE INDEX password_resets_own ON password_resets (organization_id, token_hash);
CREATE INDEX password_resets_of_user ON password_resets (user_id);
CREATE INDEX password_resets_ended ON password_resets (expires_at);
";
