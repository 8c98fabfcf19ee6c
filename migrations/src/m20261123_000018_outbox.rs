//! The outbox to the letter of security.md D16: tries of which nobody knows what became of them, what failed and waits
//! for somebody, addresses that do not work; the staff's mails are claimed as the notices are.

crate::sql::migration!(DDL);

// What failed before is nobody's news any more: it does not fill the new folder.
const DDL: &str = "
ALTER TABLE deliveries ADD COLUMN in_doubt {bool} NOT NULL DEFAULT FALSE;
ALTER TABLE deliveries ADD COLUMN unanswered BIGINT NOT NULL DEFAULT 0;
ALTER TABLE deliveries ADD COLUMN retry_at {time};
ALTER TABLE deliveries ADD COLUMN unresolved {bool} NOT NULL DEFAULT FALSE;

DROP INDEX deliveries_due;
CREATE INDEX deliveries_due ON deliveries (channel, next_attempt_at) WHERE status IN ('queued', 'sending');
CREATE INDEX deliveries_unresolved ON deliveries (organization_id, contact_id) WHERE unresolved;

ALTER TABLE staff_mails ADD COLUMN class BIGINT NOT NULL DEFAULT 1;
ALTER TABLE staff_mails ADD COLUMN leased_until {time};
ALTER TABLE staff_mails ADD COLUMN in_doubt {bool} NOT NULL DEFAULT FALSE;

ALTER TABLE conversations ADD COLUMN has_failed {bool} NOT NULL DEFAULT FALSE;
CREATE INDEX conversations_failed ON conversations (organization_id, last_message_at, id) WHERE has_failed;

ALTER TABLE contacts ADD COLUMN phone_fault TEXT;
ALTER TABLE contacts ADD COLUMN phone_fault_at {time};
ALTER TABLE contacts ADD COLUMN email_fault TEXT;
ALTER TABLE contacts ADD COLUMN email_fault_at {time};
";
