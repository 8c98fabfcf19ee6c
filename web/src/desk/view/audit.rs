//! Which words say what an entry of the audit log holds.

use sealpost_shared::audit::AuditFault;

/// The key of an action's sentence. A newer server's action shows its name.
pub fn audit_key(action: &str) -> String {
    format!("audit-{}", action.replace('.', "-"))
}

/// Who it was, where the log knows no name.
pub fn actor_key(kind: &str) -> &'static str {
    match kind {
        "staff" => "audit-by-staff",
        "api_key" => "audit-by-api_key",
        "contact" => "audit-by-contact",
        "link_holder" => "audit-by-link_holder",
        _ => "audit-by-system",
    }
}

pub const fn fault_key(fault: AuditFault) -> &'static str {
    match fault {
        AuditFault::Missing | AuditFault::CutOff => "audit-fault-missing",
        AuditFault::Unreadable | AuditFault::Changed => "audit-fault-changed",
        AuditFault::NotInOrder | AuditFault::NotTheFirst => "audit-fault-order",
        AuditFault::AfterTheEnd => "audit-fault-added",
        AuditFault::HeadMissing | AuditFault::HeadChanged | AuditFault::HeadNotSigned => "audit-fault-end",
    }
}

#[cfg(test)]
mod tests {
    use sealpost_shared::audit::ACTIONS;

    use super::*;

    /// What is written down without words here would stand in the log as a code.
    #[test]
    fn every_action_has_a_sentence_in_every_language() {
        for language in ["en", "es"] {
            let path = format!("{}/locales/{language}/audit.ftl", env!("CARGO_MANIFEST_DIR"));
            let words = std::fs::read_to_string(path).expect("the words");
            for action in ACTIONS {
                let key = format!("{} = ", audit_key(action));
                assert!(words.lines().any(|line| line.starts_with(&key)), "{key} in {language}");
            }
            let sentences = words.lines().filter(|line| !line.starts_with('#') && line.contains(" = "));
            let known = sentences.count();
            assert!(known > ACTIONS.len(), "{known} lines of words");
        }
    }
}
