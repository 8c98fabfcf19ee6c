//! Which known browsers have seen the second step taken: only those have tries of their own at its codes.

crate::sql::migration!(DDL);

const DDL: &str = "
ALTER TABLE staff_devices ADD COLUMN second_step {bool} NOT NULL DEFAULT FALSE;
";
