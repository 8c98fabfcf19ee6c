//! The people an organization writes to; their key lives apart, so that erasing it erases them (security.md D21).

crate::sql::migration!(DDL);

const DDL: &str = "
CREATE TABLE contacts (
    id {id} PRIMARY KEY,
    organization_id {id} NOT NULL REFERENCES organizations (id),
    first_name TEXT,
    last_name TEXT,
    first_name_folded {folded},
    last_name_folded {folded},
    sealed_phone {bytes},
    phone_index {bytes},
    sealed_email {bytes},
    email_index {bytes},
    phone_version BIGINT NOT NULL,
    email_version BIGINT NOT NULL,
    preferred_channel TEXT,
    language TEXT,
    time_zone TEXT,
    external_id TEXT,
    pin_hash TEXT,
    pin_digits {bool} NOT NULL,
    session_version BIGINT NOT NULL,
    sms_opted_out_at {time},
    email_opted_out_at {time},
    created_at {time} NOT NULL,
    updated_at {time} NOT NULL,
    deleted_at {time},
    UNIQUE (organization_id, id),
    UNIQUE (organization_id, external_id)
) {strict};

CREATE INDEX contacts_newest ON contacts (organization_id, created_at, id);
CREATE INDEX contacts_by_first_name ON contacts (organization_id, first_name_folded);
CREATE INDEX contacts_by_last_name ON contacts (organization_id, last_name_folded);
CREATE INDEX contacts_by_phone ON contacts (organization_id, phone_index, created_at, id);
CREATE INDEX contacts_by_email ON contacts (organization_id, email_index, created_at, id);

CREATE TABLE contact_keys (
    organization_id {id} NOT NULL,
    contact_id {id} NOT NULL,
    wrapped_key {bytes} NOT NULL,
    created_at {time} NOT NULL,
    PRIMARY KEY (contact_id),
    FOREIGN KEY (organization_id, contact_id) REFERENCES contacts (organization_id, id)
) {strict};

CREATE TABLE contact_guards (
    organization_id {id} NOT NULL,
    contact_id {id} NOT NULL,
    consecutive BIGINT NOT NULL,
    PRIMARY KEY (contact_id),
    FOREIGN KEY (organization_id, contact_id) REFERENCES contacts (organization_id, id)
) {strict};
";
