//! What the demo says when it is ready: where to click.

use super::seed::{JORDANS_PIN, PATIENT};

/// The links of one run of the demo.
pub struct Banner {
    pub(super) origin: String,
    pub(super) staff_token: String,
    pub(super) patient_token: Option<String>,
    pub(super) api_key: String,
}

impl std::fmt::Display for Banner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { origin, staff_token, patient_token, api_key } = self;
        writeln!(f, "\n  Demo running. Nothing leaves this computer.\n")?;
        writeln!(f, "  Staff desk        {origin}/desk#once={staff_token}")?;
        writeln!(f, "                    one-time link, signed in as Dr. Lee")?;
        if let Some(token) = patient_token {
            let label = format!("Patient ({PATIENT})");
            writeln!(f, "  {label:<16}  {origin}/m#{token}")?;
            writeln!(f, "                    PIN {JORDANS_PIN}")?;
        }
        writeln!(f, "  Phone and mail    {origin}/outbox")?;
        writeln!(f, "                    every text and email that was \"sent\"")?;
        writeln!(f, "  API reference     {origin}/docs")?;
        writeln!(f, "                    key {api_key}")
    }
}

#[expect(clippy::print_stdout, reason = "the banner is what the command is for")]
pub fn print(banner: &Banner) {
    println!("{banner}");
}
