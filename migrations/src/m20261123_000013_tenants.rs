//! The organization in a key of every table that had it beside its keys only (security.md D13).

crate::sql::migration!(DDL);

const DDL: &str = "
CREATE UNIQUE INDEX contact_keys_own ON contact_keys (organization_id, contact_id);
CREATE UNIQUE INDEX contact_guards_own ON contact_guards (organization_id, contact_id);
CREATE UNIQUE INDEX link_guards_own ON link_guards (organization_id, link_id);
CREATE UNIQUE INDEX conversation_unreads_own ON conversation_unreads (organization_id, conversation_id, user_id);
CREATE UNIQUE INDEX second_steps_own ON second_steps (organization_id, user_id);
CREATE UNIQUE INDEX recovery_codes_own ON recovery_codes (organization_id, user_id, code_hash);
CREATE UNIQUE INDEX pending_sign_ins_own ON pending_sign_ins (organization_id, id);
CREATE UNIQUE INDEX passkey_ceremonies_own ON passkey_ceremonies (organization_id, id_hash);
CREATE UNIQUE INDEX known_devices_own ON known_devices (organization_id, contact_id, token_hash);
CREATE UNIQUE INDEX one_time_sign_ins_own ON one_time_sign_ins (organization_id, token_hash);
";
