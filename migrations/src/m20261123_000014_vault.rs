//! The audit chain's format, signed heads, and the ways in which entries are looked up (security.md D23).

crate::sql::migration!(DDL);

// An entry that was there before says format 1, in which none is believed; nor is a head that was never signed:
// whoever can write the database could have made it so.
const DDL: &str = "
ALTER TABLE audit_entries ADD COLUMN format BIGINT NOT NULL DEFAULT 1;
ALTER TABLE organization_heads ADD COLUMN audit_signature {bytes};

CREATE INDEX audit_entries_newest ON audit_entries (organization_id, created_at, id);
CREATE INDEX audit_entries_of_actor ON audit_entries (organization_id, actor_id, created_at, id);
CREATE INDEX audit_entries_of_subject ON audit_entries (organization_id, subject, created_at, id);
CREATE INDEX audit_entries_of_action ON audit_entries (organization_id, action, created_at, id);
";
