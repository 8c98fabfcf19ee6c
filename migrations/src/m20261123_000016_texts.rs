//! Where texts may go, how many a month may hold, how many there were, and who has heard that it ends (security.md D7).

crate::sql::migration!(DDL);

// No list of countries is the default one. A period is a month or a day of the practice's own calendar.
const DDL: &str = "
ALTER TABLE organizations ADD COLUMN text_countries TEXT;
ALTER TABLE organizations ADD COLUMN limit_monthly_segments {bool} NOT NULL DEFAULT TRUE;
ALTER TABLE organizations ADD COLUMN monthly_segments BIGINT NOT NULL DEFAULT 10000;

CREATE TABLE sending_totals (
    organization_id {id} NOT NULL REFERENCES organizations (id),
    period {folded} NOT NULL,
    texts BIGINT NOT NULL,
    segments BIGINT NOT NULL,
    emails BIGINT NOT NULL,
    held_back BIGINT NOT NULL,
    near_told_at {time},
    reached_told_at {time},
    PRIMARY KEY (organization_id, period)
) {strict};

CREATE TABLE text_notices_seen (
    organization_id {id} NOT NULL,
    user_id {id} NOT NULL,
    period {folded} NOT NULL,
    notice BIGINT NOT NULL,
    PRIMARY KEY (organization_id, user_id),
    FOREIGN KEY (organization_id, user_id) REFERENCES users (organization_id, id)
) {strict};
";
