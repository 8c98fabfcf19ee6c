//! What an organization sets up: its own contact fields, its hours, its logo.

crate::sql::migration!(DDL);

// The logo's hash stands twice, so that a card is made without reading the picture.
const DDL: &str = "
CREATE TABLE contact_fields (
    id {id} PRIMARY KEY,
    organization_id {id} NOT NULL REFERENCES organizations (id),
    key TEXT NOT NULL,
    label TEXT NOT NULL,
    kind TEXT NOT NULL,
    position BIGINT NOT NULL,
    in_notices {bool} NOT NULL,
    created_at {time} NOT NULL,
    UNIQUE (organization_id, id),
    UNIQUE (organization_id, key)
) {strict};

ALTER TABLE contacts ADD COLUMN sealed_custom_fields {bytes};
ALTER TABLE organizations ADD COLUMN office_hours TEXT;
ALTER TABLE organizations ADD COLUMN logo_hash TEXT;

CREATE TABLE organization_logos (
    organization_id {id} PRIMARY KEY REFERENCES organizations (id),
    hash TEXT NOT NULL,
    png {bytes} NOT NULL,
    created_at {time} NOT NULL
) {strict};

CREATE INDEX links_unrevoked ON links (organization_id, expires_at) WHERE revoked_at IS NULL;
";
