//! The dependency rule of ARCHITECTURE.md, checked by reading the files.

mod source;

use source::{Source, sources};

/// Every top module of the API from the ground up: one names those on lines above its own, and no other.
const ORDER: &[&[&str]] = &[
    &["config", "metrics"],
    &["clock"],
    &["ids"],
    &["problem"],
    &["numbers"],
    &["entities"],
    &["db"],
    &["secrets"],
    &["journal"],
    &["senders"],
    &["session_tokens"],
    &["circuit", "crowds", "floods", "spent", "streams"],
    &["state"],
    &["auth"],
    &["folders", "idempotency"],
    &["page"],
    &["request"],
    &["limits"],
    &["templates"],
    &["contact_fields"],
    &["audit", "key_rotation"],
    &["channels"],
    &["setup"],
    &["delivery"],
    &["staff"],
    &["api_keys", "invitations"],
    &["contacts"],
    &["links"],
    &["sending"],
    &["conversations"],
    &["inbound", "settings", "follow_ups"],
    &["events", "hooks"],
    &["bootstrap"],
    &["demo"],
    &["docs"],
    &["backup"],
    &["doctor", "health", "housekeeping", "openapi", "pages", "telemetry"],
    &["app"],
    &["commands"],
    &["lib", "main"],
    &["crashing"],
];
/// Who may name a module above its own, and why. Empty is how it should stay.
const EXCEPTIONS: &[(&str, &str, &str)] = &[];
/// Where the framework is known: at the edge.
const EDGE: &[&str] = &[
    "auth", "request", "limits", "problem", "pages", "openapi", "health", "app", "commands", "main", "events",
];
/// Who may look before it is known whose rows are wanted (security.md D13): whoever is handed a token, a key or an
/// address, sends what is due, sweeps, or works on the installation's own tables.
const BEFORE_ORGANIZATION: &[&str] = &[
    "app",
    "audit",
    "auth",
    "backup",
    "bootstrap",
    "channels",
    "commands",
    "db",
    "delivery",
    "demo",
    "doctor",
    "follow_ups",
    "health",
    "hooks",
    "housekeeping",
    "invitations",
    "key_rotation",
    "links",
    "pages",
    "secrets",
    "session_tokens",
    "staff",
    "state",
];
/// Ways to the server that a browser knows.
const WAYS_OUT: &[&str] =
    &["gloo_net", "fetch_with", "EventSource", "RequestInit", "XmlHttpRequest", "WebSocket"];
/// Names that say nothing: a thing with no better name has no place yet.
const NAMELESS: &[&str] = &["util", "utils", "helper", "helpers", "common", "manager", "types", "misc"];

/// Every line of code that `breaks` the rule, as an editor would open it.
fn offenders(sources: &[Source], breaks: impl Fn(&Source, &str) -> bool) -> Vec<String> {
    let lines = sources.iter().flat_map(|source| source.lines().into_iter().map(move |line| (source, line)));
    let broken = lines.filter(|(source, (_, line))| breaks(source, line));
    broken.map(|(source, (number, line))| format!("{}:{number}: {line}", source.path)).collect()
}

#[track_caller]
fn assert_none(rule: &str, offenders: &[String]) {
    assert!(offenders.is_empty(), "{rule}:\n{}", offenders.join("\n"));
}

fn level(module: &str) -> Option<usize> {
    ORDER.iter().position(|level| level.contains(&module))
}

/// Names of modules that are not below the one that names them. Tests of a feature stand on everything.
fn upward(sources: &[Source]) -> Vec<String> {
    let mut broken = Vec::new();
    for source in sources.iter().filter(|source| !source.is_test()) {
        let own = source.module();
        let Some(at) = level(own) else {
            broken.push(format!("{}: {own} has no place in ORDER", source.path));
            continue;
        };
        for (line, name) in source.named() {
            let excepted = EXCEPTIONS.iter().any(|(who, whom, _)| (*who, *whom) == (own, &*name));
            if name != own && !excepted && level(&name).is_some_and(|other| other >= at) {
                broken.push(format!("{}:{line}: {own} names {name}", source.path));
            }
        }
    }
    broken
}

fn out_of_layer(sources: &[Source]) -> Vec<String> {
    offenders(sources, |source, line| {
        let routes = source.path.ends_with("routes.rs");
        let edge = routes || EDGE.contains(&source.module());
        (routes && line.contains("sea_orm")) || (!edge && line.contains("actix_web"))
    })
}

fn bare_finds(sources: &[Source]) -> Vec<String> {
    offenders(sources, |source, line| {
        source.module() != "entities" && (line.contains("::find()") || line.contains("::find_by_id("))
    })
}

fn past_the_wall(sources: &[Source]) -> Vec<String> {
    offenders(sources, |source, line| {
        let looks = line.contains("before_organization()") && !BEFORE_ORGANIZATION.contains(&source.module());
        looks || (line.contains("DatabaseConnection") && source.module() != "db")
    })
}

/// Random numbers come from the system's generator through `secrets`, ids through `ids`; tests make what they like.
fn other_dice(sources: &[Source]) -> Vec<String> {
    let own = ["secrets", "ids"];
    offenders(sources, |source, line| {
        let dice =
            ["Uuid::new_v4", "Uuid::now_v7", "rand::", "fastrand"].iter().any(|dice| line.contains(dice));
        dice && !source.is_test() && !own.contains(&source.module())
    })
}

fn is_way_out(line: &str) -> bool {
    WAYS_OUT.iter().any(|way| line.contains(way))
}

fn second_clients(sources: &[Source]) -> Vec<String> {
    offenders(sources, |source, line| {
        (!source.path.starts_with("web/src/client/") && is_way_out(line))
            || line.contains("inner_html")
            || line.contains("insert_adjacent_html")
    })
}

#[test]
fn modules_name_only_those_below_them() {
    assert_none("modules import downwards only", &upward(&sources(&["api/src"])));
}

#[test]
fn routes_do_not_know_the_database_and_only_the_edge_knows_http() {
    assert_none("routes → service → entities", &out_of_layer(&sources(&["api/src"])));
}

#[test]
fn rows_are_found_only_by_the_finders_of_their_entity() {
    assert_none("bare find() stands in entities/ only", &bare_finds(&sources(&["api/src"])));
}

#[test]
fn rows_are_reached_only_by_whoever_says_whose_they_are() {
    assert_none("db.of(organization) is the way to rows", &past_the_wall(&sources(&["api/src"])));
}

#[test]
fn randomness_has_one_source() {
    assert_none("secrets::random_bytes and ids::new_id", &other_dice(&sources(&["api/src", "shared/src"])));
}

#[test]
fn only_the_web_client_does_http_and_no_markup_is_made_from_text() {
    let web = sources(&["web/src"]);
    assert_none("web/src/client/ is the one way to the server", &second_clients(&web));
    let client = web.iter().filter(|source| source.path.starts_with("web/src/client/"));
    let found = client.flat_map(Source::lines).any(|(_, line)| is_way_out(line));
    assert!(found, "the client goes to the server in a way that this rule does not know");
}

#[test]
fn every_module_of_the_order_exists() {
    let api = sources(&["api/src"]);
    for module in ORDER.concat() {
        assert!(api.iter().any(|source| source.module() == module), "{module} is gone; ORDER still has it");
    }
}

#[test]
fn files_are_short_and_have_names() {
    for source in sources(&["api", "migrations", "shared", "tests", "web"]) {
        let lines = source.text.lines().count();
        assert!(lines <= 400, "{} has {lines} lines; 400 at most", source.path);
        let nameless = source.path.split(['/', '.']).find(|part| NAMELESS.contains(part));
        assert_eq!(nameless, None, "{} needs a name", source.path);
    }
}

/// A language that runs from right to left needs no styles of its own.
fn sides(css: &str) -> Vec<&str> {
    let words = css.lines().filter(|line| !line.trim_start().starts_with("/*"));
    words
        .filter(|line| {
            line.split(|c: char| !c.is_alphanumeric()).any(|word| word == "left" || word == "right")
        })
        .collect()
}

#[test]
fn styles_know_a_start_and_an_end_but_no_left_and_no_right() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../web/styles");
    for file in std::fs::read_dir(folder).expect("the styles") {
        let path = file.expect("a file").path();
        let css = std::fs::read_to_string(&path).expect("a style sheet");
        assert_eq!(sides(&css), Vec::<&str>::new(), "{}", path.display());
    }
    assert_eq!(sides("/* what is left */\n.a { margin-left: 1px; }\n.b { text-align: right }").len(), 2);
}

/// Each of these is one breach; without it the rule would be a sentence.
#[test]
fn the_rules_can_fail() {
    let one = |path: &str, text: &str| [Source::made_up(path, text)];
    for (path, text) in [
        ("api/src/contacts/service.rs", "use crate::links::hold;"),
        ("api/src/contacts/service.rs", "use crate::{db, links::{hold, issue}};"),
        (
            "api/src/contacts/service.rs",
            "use crate::{\n    db,\n    problem::{self, Result},\n    links,\n};",
        ),
        ("api/src/contacts/service.rs", "fn f() { crate::conversations::service::send() }"),
        ("api/src/contacts/service.rs", "use super::super::links::hold;"),
        ("api/src/contacts/mod.rs", "#[cfg(test)]\nmod tests;\n\nuse super::links::hold;"),
        ("api/src/delivery/mod.rs", "use crate::staff;"),
        ("api/src/entities/link.rs", "use crate::secrets::KeyRing;"),
        ("api/src/problem.rs", "use crate::state::State;"),
        ("api/src/ids.rs", "use super::app::open;"),
        ("api/src/app.rs", "fn f() { sealpost_api::main::f() }"),
        ("api/src/novelty.rs", ""),
    ] {
        assert_eq!(upward(&one(path, text)).len(), 1, "{path}: {text}");
    }
    for (path, text) in [
        ("api/src/links/routes.rs", "use sea_orm::DbErr;"),
        ("api/src/conversations/staff_routes.rs", "use sea_orm::DbErr;"),
        ("api/src/links/gate.rs", "use actix_web::HttpRequest;"),
        ("api/src/db.rs", "fn f() -> actix_web::HttpResponse {}"),
    ] {
        assert_eq!(out_of_layer(&one(path, text)).len(), 1, "{path}: {text}");
    }
    for text in ["state.db.before_organization().read()", "use sea_orm::DatabaseConnection;"] {
        assert_eq!(past_the_wall(&one("api/src/conversations/inbox.rs", text)).len(), 1, "{text}");
    }
    assert_eq!(other_dice(&one("api/src/links/issue.rs", "let id = Uuid::new_v4();")).len(), 1);
    assert_eq!(bare_finds(&one("api/src/links/gate.rs", "link::Entity::find()")).len(), 1);
    for text in [
        "use gloo_net::http::Request;",
        "window.fetch_with_str(url)",
        "EventSource::new(url)",
        "inner_html=x",
    ] {
        assert_eq!(second_clients(&one("web/src/desk/row.rs", text)).len(), 1, "{text}");
    }
}

#[test]
fn the_rules_let_pass_what_is_right() {
    let right = [
        Source::made_up(
            "api/src/links/gate.rs",
            "use crate::{contacts, db::Db};\nuse super::pin;\n// crate::demo::x",
        ),
        Source::made_up(
            "api/src/links/gate.rs",
            "fn f() {}\n#[cfg(test)]\nmod tests {\n    use crate::app;\n}",
        ),
        Source::made_up("api/src/demo/seed/story.rs", "use super::super::outbox;\nuse super::people;"),
        Source::made_up("api/src/links/routes.rs", "use actix_web::post;"),
        Source::made_up("web/src/client/mod.rs", "RequestInit::new()"),
    ];
    assert_none("nothing", &upward(&right[..3]));
    assert_none("nothing", &out_of_layer(&right));
    assert_none("nothing", &second_clients(&right));
}
