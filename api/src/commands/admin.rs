//! `admin bootstrap` and `admin accept-clock`.

use anyhow::{Context, bail};
use clap::Args;
use sealpost_api::config::Config;
use sealpost_api::entities::clock_mark;
use sealpost_api::{app, bootstrap, delivery, staff};
use sealpost_shared::staff::Role;

use super::{open, say};

#[derive(Args)]
pub struct Bootstrap {
    /// The organization's name.
    #[arg(long)]
    organization: String,
    /// The admin's email address.
    #[arg(long)]
    email: String,
    /// The admin's name.
    #[arg(long)]
    name: String,
    /// The organization's IANA time zone.
    #[arg(long, default_value = "UTC")]
    time_zone: String,
    /// The organization's phone number, as people should read it.
    #[arg(long)]
    phone: Option<String>,
    /// Prints JSON.
    #[arg(long)]
    json: bool,
}

pub async fn make_organization(new: Bootstrap) -> anyhow::Result<()> {
    if new.time_zone.parse::<chrono_tz::Tz>().is_err() {
        bail!("--time-zone must be an IANA time zone, such as America/Chicago");
    }
    if !delivery::has_likeness(&new.organization) {
        bail!("--organization {}", delivery::NO_LIKENESS);
    }
    let organization = staff::NewOrganization {
        name: new.organization.parse().context("--organization")?,
        phone: new.phone,
        time_zone: new.time_zone,
    };
    let admin = staff::NewUser {
        name: new.name.parse().context("--name")?,
        email: new.email.parse().context("--email")?,
        password: Some(password(&Config::from_env()?)?),
        role: Role::Admin,
    };
    // Last: what is refused leaves no database and no key behind.
    let state = open().await?;
    let made = bootstrap::bootstrap(&state, organization, admin).await.map_err(app::explain)?;
    state.db.close().await;
    if new.json {
        say(&serde_json::to_string(&made)?);
    } else {
        say(&format!(
            "organization {}\nadmin        {}\nAPI key      {}  (shown once)",
            made.organization_id, made.user_id, made.api_key
        ));
    }
    Ok(())
}

/// From the environment, asked for at a terminal, or what another program writes.
fn password(config: &Config) -> anyhow::Result<String> {
    use std::io::IsTerminal;
    if let Some(password) = &config.admin_password {
        return Ok(password.expose().to_owned());
    }
    if std::io::stdin().is_terminal() {
        return Ok(rpassword::prompt_password("Password of the admin: ")?);
    }
    Ok(std::io::read_to_string(std::io::stdin())?.trim_end_matches(['\r', '\n']).to_owned())
}

/// What has ended by the later time may count again; that is why nothing does this by itself.
pub async fn accept_clock() -> anyhow::Result<()> {
    let state = open().await?;
    let now = state.clock.now();
    let db = state.db.before_organization();
    db.write(async |tx| Ok(clock_mark::set(tx, now).await?)).await.map_err(app::explain)?;
    say(&format!("The time is {} from here on. Start the servers.", now.format("%Y-%m-%d %H:%M UTC")));
    state.db.close().await;
    Ok(())
}
