use super::*;

fn config(pairs: &[(&str, &str)]) -> Config {
    Config::from_pairs(pairs.iter().copied()).expect("a configuration")
}

fn mistakes(pairs: &[(&str, &str)]) -> Vec<String> {
    Config::from_pairs(pairs.iter().copied()).expect_err("a refusal").0
}

#[test]
fn nothing_set_is_sqlite_on_loopback() {
    let config = config(&[("PATH", "/bin"), ("SEALPOST_SMS_URL", "")]);
    assert_eq!(config.bind.to_string(), "127.0.0.1:8080");
    assert_eq!(config.origin(), "http://localhost:8080");
    assert!(matches!(&config.database, DatabaseUrl::Sqlite(path) if path.ends_with("data/sealpost.db")));
    assert!(config.key_file.ends_with("data/master.key"));
    assert!(config.sms.is_none() && config.mail.is_none());
    assert_eq!(config.delivery.schedule.len(), 9);
    assert_eq!(config.delivery.lease, Duration::from_secs(60));
}

#[test]
fn the_public_url_follows_a_port_that_was_picked_late() {
    let mut open = config(&[]);
    open.bind_to("127.0.0.1:4242".parse().expect("an address"));
    assert_eq!(open.origin(), "http://localhost:4242");
    let mut fixed = config(&[("SEALPOST_PUBLIC_URL", "https://messages.example.org/")]);
    fixed.bind_to("127.0.0.1:4242".parse().expect("an address"));
    assert_eq!(fixed.origin(), "https://messages.example.org");
    assert!(fixed.is_https());
}

#[test]
fn everything_can_be_set() {
    let config = config(&[
        ("SEALPOST_BIND", "0.0.0.0:80"),
        ("SEALPOST_PUBLIC_URL", "https://messages.example.org"),
        ("SEALPOST_DATA_DIR", "/var/lib/sealpost"),
        ("SEALPOST_DATABASE_URL", "postgres://sealpost:hunter2-hunter2@db/sealpost"),
        ("SEALPOST_KEY_FILE", "/run/master.key"),
        ("SEALPOST_SMS_URL", "https://sms.example.org/base"),
        ("SEALPOST_SMS_ACCOUNT_SID", "AC1"),
        ("SEALPOST_SMS_AUTH_TOKEN", "hunter3-hunter3"),
        ("SEALPOST_SMS_FROM", "+15550100000"),
        ("SEALPOST_SMTP_URL", "smtp+starttls://user:hunter4-hunter4@mail.example.org"),
        ("SEALPOST_MAIL_FROM", "Riverside <no-reply@example.org>"),
        ("SEALPOST_TRUSTED_PROXIES", "10.0.0.0/8, ::1"),
        ("SEALPOST_DELIVERY_SCHEDULE", "0s,500ms,2m"),
        ("SEALPOST_DELIVERY_LEASE", "5s"),
        ("SEALPOST_LOG", "warn,sealpost=debug"),
        ("SEALPOST_LOG_FORMAT", "json"),
        ("SEALPOST_ADMIN_PASSWORD", "hunter5-hunter5"),
    ]);
    assert_eq!(config.trusted_proxies.len(), 2);
    assert_eq!(config.delivery.schedule[1], Duration::from_millis(500));
    assert_eq!(config.log.format, LogFormat::Json);
    let mail = config.mail.as_ref().expect("mail");
    assert_eq!(mail.smtp_url.security, SmtpSecurity::StartTls);
    assert_eq!(mail.smtp_url.expose(), "smtp://user:hunter4-hunter4@mail.example.org?tls=required");
    assert!(!format!("{config:?}").contains("hunter"), "a secret printed itself");
}

#[test]
fn a_name_nobody_knows_is_refused() {
    assert_eq!(
        mistakes(&[("SEALPOST_PUBLIC_ULR", "https://x.example")]),
        ["SEALPOST_PUBLIC_ULR is not a setting; did you mean SEALPOST_PUBLIC_URL?"]
    );
    assert_eq!(mistakes(&[("SEALPOST_WHATEVER_ELSE", "1")]), ["SEALPOST_WHATEVER_ELSE is not a setting"]);
    // Only secrets come from files.
    assert_eq!(mistakes(&[("SEALPOST_BIND_FILE", "/x")]).len(), 1);
}

/// Words, durations and addresses: nothing is guessed.
#[test]
fn misspelt_values_are_refused_with_the_name_and_without_the_value() {
    for (name, value) in [
        ("BIND", "8080"),
        ("BIND", "localhost:8080"),
        ("PUBLIC_URL", "messages.example.org"),
        ("PUBLIC_URL", "ftp://localhost"),
        ("PUBLIC_URL", "http://messages.example.org"),
        ("PUBLIC_URL", "https://messages.example.org/app"),
        ("PUBLIC_URL", "https://user@messages.example.org"),
        ("PUBLIC_URL", "https://messages.example.org/?x=1"),
        ("DATABASE_URL", "sqlite::memory:"),
        ("DATABASE_URL", "sqlite://"),
        ("DATABASE_URL", "mysql://db/x"),
        ("DATABASE_URL", "postgres://db"),
        ("TRUSTED_PROXIES", "10.0.0.0/33"),
        ("TRUSTED_PROXIES", "10.0.0.1,"),
        ("DELIVERY_SCHEDULE", "0s 10s"),
        ("DELIVERY_SCHEDULE", "10"),
        ("DELIVERY_SCHEDULE", "25h"),
        ("DELIVERY_LEASE", "1 m"),
        ("DELIVERY_LEASE", "1.5s"),
        ("DELIVERY_LEASE", "-1s"),
        ("DELIVERY_LEASE", "0s"),
        ("DELIVERY_LEASE", "99999999999999999999h"),
        ("LOG", "loud"),
        ("LOG_FORMAT", "JSON"),
        ("LOG_FORMAT", "yes"),
    ] {
        let lines = mistakes(&[(&format!("SEALPOST_{name}"), value)]);
        assert_eq!(lines.len(), 1, "{name}={value}: {lines:?}");
        assert!(lines[0].starts_with(&format!("SEALPOST_{name} ")), "{lines:?}");
        assert!(!lines[0].contains('\n'));
    }
}

/// There is no setting that is a boolean, and no value that is a word is guessed: none of these is taken for what
/// it resembles.
#[test]
fn strict_booleans() {
    for name in NAMES
        .iter()
        .filter(|name| !matches!(**name, "DATA_DIR" | "KEY_FILE" | "SMS_ACCOUNT_SID" | "SMS_FROM"))
    {
        for value in ["true", "True", "yes", "on", "1", "0", "off", "no", "flase"] {
            // Beside the others of its channel, so that nothing else is missing.
            let pairs = [
                ("SEALPOST_SMS_URL", "https://sms.example.org"),
                ("SEALPOST_SMS_ACCOUNT_SID", "AC1"),
                ("SEALPOST_SMS_AUTH_TOKEN", "a-token-of-theirs"),
                ("SEALPOST_SMS_FROM", "+15550100000"),
                ("SEALPOST_SMTP_URL", "smtps://mail.example.org"),
                ("SEALPOST_MAIL_FROM", "a@example.org"),
            ];
            let full = format!("SEALPOST_{name}");
            let mut pairs: Vec<_> = pairs.into_iter().filter(|(other, _)| *other != full).collect();
            pairs.push((&full, value));
            let taken = *name == "LOG" && value == "off";
            assert_eq!(Config::from_pairs(pairs).is_ok(), taken, "{name}={value}");
        }
    }
}

#[test]
fn the_secret_of_an_example_is_none() {
    for (name, value) in [
        ("SMS_AUTH_TOKEN", "changeme"),
        ("SMS_AUTH_TOKEN", "hunter2"),
        ("SMS_AUTH_TOKEN", "your-auth-token"),
        ("SMS_AUTH_TOKEN", "<the token>"),
        ("ADMIN_PASSWORD", "Password123!"),
        ("ADMIN_PASSWORD", "sealpost"),
        ("SMTP_URL", "smtps://user:secret@mail.example.org"),
        ("DATABASE_URL", "postgres://sealpost:sealpost@db/sealpost"),
        ("DATABASE_URL", "postgres://sealpost:p%61ssword@db/sealpost"),
    ] {
        let name = format!("SEALPOST_{name}");
        let lines =
            mistakes(&[(&name, value)]).into_iter().filter(|line| !line.contains(" is needed beside "));
        let lines: Vec<_> = lines.collect();
        assert_eq!(lines.len(), 1, "{name}: {lines:?}");
        assert!(lines[0].starts_with(&name) && !lines[0].contains(value), "{lines:?}");
    }
    config(&[("SEALPOST_DATABASE_URL", "postgres://postgres:postgres@127.0.0.1/sealpost")]);
    for everybody in ["10.0.0.0/8,0.0.0.0/0", "0.0.0.0/1,128.0.0.0/1", "::/0", "2000::/3"] {
        assert_eq!(mistakes(&[("SEALPOST_TRUSTED_PROXIES", everybody)]).len(), 1, "{everybody}");
    }
}

#[test]
fn the_posture_says_how_safe_it_is_and_nothing_secret() {
    let open = config(&[]).posture().join("\n");
    for part in
        ["http, this computer alone", "127.0.0.1:8080", "X-Forwarded-For is ignored", "SQLite", "at the desk"]
    {
        assert!(open.contains(part), "{part}: {open}");
    }
    let closed = config(&[
        ("SEALPOST_PUBLIC_URL", "https://messages.example.org"),
        ("SEALPOST_TRUSTED_PROXIES", "10.0.0.0/8"),
        ("SEALPOST_DATABASE_URL", "postgres://sealpost:hunter2-hunter2@db/sealpost?sslmode=verify-full"),
        ("SEALPOST_SMTP_URL", "smtp+starttls://user:hunter4-hunter4@mail.example.org"),
        ("SEALPOST_MAIL_FROM", "a@example.org"),
    ]);
    let closed = closed.posture().join("\n");
    for part in ["cookies are Secure", "10.0.0.0/8", "PostgreSQL on db, over TLS", "STARTTLS, never without"]
    {
        assert!(closed.contains(part), "{part}: {closed}");
    }
    assert!(!closed.contains("hunter"), "{closed}");
}

#[test]
fn a_public_address_needs_a_public_url() {
    assert_eq!(
        mistakes(&[("SEALPOST_BIND", "0.0.0.0:8080")]),
        ["SEALPOST_PUBLIC_URL is needed when SEALPOST_BIND is not a loopback address"]
    );
    config(&[("SEALPOST_BIND", "0.0.0.0:8080"), ("SEALPOST_PUBLIC_URL", "http://127.0.0.1:8080")]);
}

#[test]
fn half_a_channel_is_refused() {
    assert_eq!(
        mistakes(&[("SEALPOST_SMS_URL", "https://sms.example.org"), ("SEALPOST_SMS_FROM", "+1555")]),
        [
            "SEALPOST_SMS_ACCOUNT_SID is needed beside SEALPOST_SMS_URL",
            "SEALPOST_SMS_AUTH_TOKEN is needed beside SEALPOST_SMS_URL",
        ]
    );
    assert_eq!(
        mistakes(&[("SEALPOST_MAIL_FROM", "a@example.org")]),
        ["SEALPOST_SMTP_URL is needed beside SEALPOST_MAIL_FROM"]
    );
}

#[test]
fn mail_in_the_clear_stays_on_this_computer() {
    for (url, accepted) in [
        ("smtp://localhost:1025", true),
        ("smtp://127.0.0.1:1025", true),
        ("smtp://[::1]:1025", true),
        ("smtp://mail.example.org", false),
        ("smtp://127.0.0.1.example.org", false),
        ("smtp://localhost@mail.example.org", false),
        ("smtp+starttls://mail.example.org", true),
        ("smtps://user:p%40ssw0rds@mail.example.org:465", true),
        ("smtps://mail.example.org?tls=opportunistic", false),
        ("http://mail.example.org", false),
        ("mail.example.org", false),
    ] {
        let pairs = [("SEALPOST_SMTP_URL", url), ("SEALPOST_MAIL_FROM", "a@example.org")];
        assert_eq!(Config::from_pairs(pairs).is_ok(), accepted, "{url}");
    }
}

#[test]
fn texts_in_the_clear_stay_on_this_computer() {
    for (url, accepted) in [("http://127.0.0.1:9000", true), ("http://sms.example.org", false)] {
        let pairs = [
            ("SEALPOST_SMS_URL", url),
            ("SEALPOST_SMS_ACCOUNT_SID", "AC1"),
            ("SEALPOST_SMS_AUTH_TOKEN", "a-token-of-theirs"),
            ("SEALPOST_SMS_FROM", "+15550100000"),
        ];
        assert_eq!(Config::from_pairs(pairs).is_ok(), accepted, "{url}");
    }
}

#[test]
fn a_secret_can_come_from_a_file() {
    let file = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(file.path(), "hunter2 hunter2\n").expect("written");
    let path = file.path().to_str().expect("a path");
    let config = config(&[("SEALPOST_ADMIN_PASSWORD_FILE", path)]);
    assert_eq!(config.admin_password.expect("a password").expose(), "hunter2 hunter2");
    let both = [("SEALPOST_ADMIN_PASSWORD_FILE", path), ("SEALPOST_ADMIN_PASSWORD", "four kettles sing")];
    assert_eq!(
        mistakes(&both),
        ["SEALPOST_ADMIN_PASSWORD and SEALPOST_ADMIN_PASSWORD_FILE are both set; keep one"]
    );
    assert_eq!(mistakes(&[("SEALPOST_SMTP_URL_FILE", "/nowhere")]).len(), 1);
}

/// `.env.example` names every setting, each commented out, and no other.
#[test]
fn the_example_file_is_true() {
    let example = include_str!("../../../.env.example");
    let named: Vec<&str> = example
        .lines()
        .filter_map(|line| line.trim_start_matches("# ").strip_prefix(PREFIX)?.split('=').next())
        .collect();
    assert_eq!(named, NAMES, "add the missing line to .env.example");
    let set = example.lines().filter_map(|line| line.trim_start_matches("# ").split_once('='));
    let pairs: Vec<_> = set.filter(|(name, _)| name.starts_with(PREFIX)).collect();
    // Secrets that are in everybody's copy are none.
    let (secrets, others): (Vec<_>, Vec<_>) =
        pairs.into_iter().partition(|(_, value)| value.contains("your-") || value.contains("of-your-own"));
    assert_eq!(secrets.len(), 3, "{secrets:?}");
    for (name, value) in &secrets {
        assert!(mistakes(&[(name, value)])[0].contains("is a placeholder"), "{name}");
    }
    let key = "age1x8zz27xstx8kvgpgtv4g8zmk0yzqx5awnl92pdrln4k83dxlv5qqlur6rh";
    let real = secrets.iter().map(|(name, _)| {
        (*name, if *name == "SEALPOST_BACKUP_RECIPIENTS" { key } else { "four unlikely kettles" })
    });
    config(&others.into_iter().chain(real).collect::<Vec<_>>());
}
