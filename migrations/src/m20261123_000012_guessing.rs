//! What wrong PINs leave behind for staff to see, browsers that were let in before, the policy on weak PINs,
//! and how far the clock has come.

crate::sql::migration!(DDL);

const DDL: &str = "
ALTER TABLE link_guards ADD COLUMN failures BIGINT NOT NULL DEFAULT 0;
ALTER TABLE link_guards ADD COLUMN failed_at {time};
ALTER TABLE link_guards ADD COLUMN locked_at {time};
ALTER TABLE contact_guards ADD COLUMN disabled_at {time};
ALTER TABLE secure_messaging_settings ADD COLUMN refuse_weak_pins {bool} NOT NULL DEFAULT FALSE;

CREATE TABLE known_devices (
    contact_id {id} NOT NULL,
    token_hash {bytes} NOT NULL,
    organization_id {id} NOT NULL,
    session_version BIGINT NOT NULL,
    window_left BIGINT NOT NULL,
    window_ends_at {time} NOT NULL,
    consecutive BIGINT NOT NULL,
    let_in_at {time} NOT NULL,
    expires_at {time} NOT NULL,
    PRIMARY KEY (contact_id, token_hash),
    FOREIGN KEY (organization_id, contact_id) REFERENCES contacts (organization_id, id)
) {strict};

CREATE INDEX known_devices_ended ON known_devices (expires_at);

CREATE TABLE clock_marks (
    name TEXT PRIMARY KEY,
    reached {time} NOT NULL
) {strict};
";
