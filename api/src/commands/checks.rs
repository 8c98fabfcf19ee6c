//! Commands that look and change nothing: `doctor`, `audit verify`, `health`.

use anyhow::{Context, bail};
use sealpost_api::config::Config;
use sealpost_api::db::Db;
use sealpost_api::secrets::KeyRing;
use sealpost_api::{audit, doctor};

use super::say;

/// One line per check.
pub async fn doctor() -> anyhow::Result<()> {
    let config = match Config::from_env() {
        Ok(config) => config,
        Err(mistakes) => {
            mistakes.0.iter().for_each(|mistake| say(&format!("✗ Environment: {mistake}")));
            bail!("the environment must be mended first");
        }
    };
    let lines = doctor::examine(&config).await;
    lines.iter().for_each(|line| say(&line.to_string()));
    let wrong = lines.iter().filter(|line| line.mark == doctor::Mark::Wrong).count();
    if wrong == 0 { Ok(()) } else { bail!("{wrong} of these must be mended") }
}

/// Looks at the database as it is; a server may be running on it.
pub async fn audit_verify(json: bool) -> anyhow::Result<()> {
    let config = Config::from_env()?;
    let (ring, _) = KeyRing::load(&config.key_file, false)?;
    let db = Db::open_to_look(&config.database).await.context("cannot open the database")?;
    if db.pending_migrations().await.context("the database was never set up")? > 0 {
        bail!("the database is older than this program: run `sealpost migrate` first");
    }
    let found = audit::verify_all(&db, &ring).await.context("cannot read the audit log")?;
    db.close().await;
    if json {
        say(&serde_json::to_string_pretty(&found)?);
    } else {
        found.iter().for_each(|chain| say(&chain.to_string()));
    }
    let broken = found.iter().filter(|chain| chain.first_broken.is_some()).count();
    if broken == 0 { Ok(()) } else { bail!("{broken} of {} audit logs are broken", found.len()) }
}

/// Asks the running server.
pub async fn health() -> anyhow::Result<()> {
    let config = Config::from_env()?;
    let address = format!("http://{}/readyz", config.bind);
    let client = reqwest::Client::builder().no_proxy().timeout(std::time::Duration::from_secs(5)).build()?;
    let answer = client.get(address).send().await.context("no answer")?;
    let ready = answer.status().is_success();
    let text = answer.text().await.unwrap_or_default();
    if ready { Ok(()) } else { bail!("not ready: {text}") }
}
