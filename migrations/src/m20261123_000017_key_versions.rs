//! Organizations' and contacts' keys have versions (security.md D20). Tables made anew: a key of a table changes.

crate::sql::migration!(DDL);

const DDL: &str = "
CREATE TABLE versions_of_contact_keys (
    organization_id {id} NOT NULL,
    contact_id {id} NOT NULL,
    version BIGINT NOT NULL,
    wrapped_key {bytes} NOT NULL,
    organization_key_version BIGINT NOT NULL,
    created_at {time} NOT NULL,
    PRIMARY KEY (contact_id, version),
    UNIQUE (organization_id, contact_id, version),
    FOREIGN KEY (organization_id, contact_id) REFERENCES contacts (organization_id, id)
) {strict};
INSERT INTO versions_of_contact_keys
    (organization_id, contact_id, version, wrapped_key, organization_key_version, created_at)
    SELECT organization_id, contact_id, 1, wrapped_key, 1, created_at FROM contact_keys;
DROP TABLE contact_keys;
ALTER TABLE versions_of_contact_keys RENAME TO contact_keys;

CREATE TABLE versions_of_organization_keys (
    organization_id {id} NOT NULL REFERENCES organizations (id),
    version BIGINT NOT NULL,
    wrapped_key {bytes} NOT NULL,
    wrapped_index_key {bytes} NOT NULL,
    master_key_version BIGINT NOT NULL,
    created_at {time} NOT NULL,
    PRIMARY KEY (organization_id, version)
) {strict};
INSERT INTO versions_of_organization_keys
    (organization_id, version, wrapped_key, wrapped_index_key, master_key_version, created_at)
    SELECT organization_id, 1, wrapped_key, wrapped_index_key, master_key_version, created_at FROM organization_keys;
DROP TABLE organization_keys;
ALTER TABLE versions_of_organization_keys RENAME TO organization_keys;
";
