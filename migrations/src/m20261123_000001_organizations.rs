//! Organizations, their keys and settings, the people who work there, and how they sign in.

crate::sql::migration!(DDL);

const DDL: &str = "
CREATE TABLE organizations (
    id {id} PRIMARY KEY,
    name TEXT NOT NULL,
    phone TEXT,
    accent_color TEXT,
    emergency_notice TEXT,
    time_zone TEXT NOT NULL,
    created_at {time} NOT NULL
) {strict};

CREATE TABLE organization_keys (
    organization_id {id} PRIMARY KEY REFERENCES organizations (id),
    wrapped_key {bytes} NOT NULL,
    wrapped_index_key {bytes} NOT NULL,
    master_key_version BIGINT NOT NULL,
    created_at {time} NOT NULL
) {strict};

CREATE TABLE organization_heads (
    organization_id {id} PRIMARY KEY REFERENCES organizations (id),
    event_sequence BIGINT NOT NULL,
    audit_sequence BIGINT NOT NULL,
    audit_hash {bytes} NOT NULL
) {strict};

CREATE TABLE secure_messaging_settings (
    organization_id {id} PRIMARY KEY REFERENCES organizations (id),
    enabled {bool} NOT NULL,
    secure_by_default {bool} NOT NULL,
    notice_sms_body TEXT NOT NULL,
    notice_email_subject TEXT NOT NULL,
    notice_email_body TEXT NOT NULL,
    link_lifetime TEXT NOT NULL,
    pin_enabled {bool} NOT NULL,
    default_pin_kind TEXT NOT NULL,
    default_pin_hash TEXT,
    default_pin_digits {bool} NOT NULL,
    default_pin_template TEXT,
    require_pin_over_24_hours {bool} NOT NULL,
    hide_hint {bool} NOT NULL,
    updated_at {time} NOT NULL
) {strict};

CREATE TABLE users (
    id {id} PRIMARY KEY,
    organization_id {id} NOT NULL REFERENCES organizations (id),
    name TEXT NOT NULL,
    email TEXT NOT NULL UNIQUE,
    password_hash TEXT,
    role TEXT NOT NULL,
    session_version BIGINT NOT NULL,
    disabled_at {time},
    created_at {time} NOT NULL,
    UNIQUE (organization_id, id)
) {strict};

CREATE TABLE one_time_sign_ins (
    token_hash {bytes} PRIMARY KEY,
    organization_id {id} NOT NULL,
    user_id {id} NOT NULL,
    expires_at {time} NOT NULL,
    used_at {time},
    FOREIGN KEY (organization_id, user_id) REFERENCES users (organization_id, id)
) {strict};

CREATE TABLE staff_sessions (
    id {id} PRIMARY KEY,
    organization_id {id} NOT NULL,
    user_id {id} NOT NULL,
    session_version BIGINT NOT NULL,
    created_at {time} NOT NULL,
    active_at {time} NOT NULL,
    expires_at {time} NOT NULL,
    revoked_at {time},
    UNIQUE (organization_id, id),
    FOREIGN KEY (organization_id, user_id) REFERENCES users (organization_id, id)
) {strict};

CREATE TABLE api_keys (
    id {id} PRIMARY KEY,
    organization_id {id} NOT NULL REFERENCES organizations (id),
    name TEXT NOT NULL,
    secret_hash {bytes} NOT NULL UNIQUE,
    created_at {time} NOT NULL,
    revoked_at {time},
    UNIQUE (organization_id, id)
) {strict};

CREATE TABLE server_keys (
    purpose TEXT NOT NULL,
    id TEXT NOT NULL,
    sealed_key {bytes} NOT NULL,
    created_at {time} NOT NULL,
    PRIMARY KEY (purpose, id)
) {strict};

CREATE TABLE budgets (
    scope TEXT NOT NULL,
    subject {bytes} NOT NULL,
    used BIGINT NOT NULL,
    window_ends_at {time} NOT NULL,
    PRIMARY KEY (scope, subject)
) {strict};
";
