//! When an integrator's key was last used, so that one that nobody needs is seen.

crate::sql::migration!(DDL);

const DDL: &str = "
ALTER TABLE api_keys ADD COLUMN used_at {time};
";
