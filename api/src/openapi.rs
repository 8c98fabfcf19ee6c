//! The document around the operations: what holds for all of them is said once, here.

mod examples;
mod nulls;
mod words;

use std::collections::HashMap;

use actix_web::dev::ResourceDef;
use actix_web::http::Method;
use actix_web::http::header::{ALLOW, RETRY_AFTER};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, ResponseError};
use sealpost_shared::conversations::Folder;
use sealpost_shared::paths::IDEMPOTENCY_KEY;
use sealpost_shared::problem::{ProblemBody, ProblemCode};
use utoipa::openapi::header::{Header, HeaderBuilder};
use utoipa::openapi::path::{Operation, Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::Type;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{ContentBuilder, ObjectBuilder, OpenApi, Ref, RefOr, Response, ResponseBuilder};
use utoipa::{Modify, OpenApi as _};

use crate::problem::Problem;

#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "Sealpost API",
        description = "Private messages to clients. Times are RFC 3339 in UTC; ids are TypeIDs; absent means unset; \
            unknown request fields are refused; errors are `application/problem+json` (RFC 9457).",
        contact(name = "Whoever runs this installation"),
        license(name = "Apache-2.0", identifier = "Apache-2.0"),
    ),
    servers((url = "/", description = "This installation")),
    tags(
        (name = "staff", description = "The staff's sessions and accounts"),
        (name = "setup", description = "How far the installation is set up"),
        (name = "channels", description = "The installation's text message gateway and mail server"),
        (name = "invitations", description = "How colleagues get an account"),
        (name = "api-keys", description = "Integrators' keys: scopes, ends, revoking"),
        (name = "contacts", description = "The people an organization writes to"),
        (name = "contact-fields", description = "The fields that an organization adds to its contacts"),
        (name = "messages", description = "Sending"),
        (name = "conversations", description = "The thread both sides write in"),
        (name = "links", description = "Private links: the patient's gate, and what staff do with links"),
        (name = "chat", description = "The conversation for the patient whose session it is"),
        (name = "settings", description = "How an organization sends privately"),
        (name = "audit", description = "Who did what, in a chain that shows every change"),
        (name = "events", description = "Live updates"),
        (name = "hooks", description = "Where providers call: what became of a text, what came back"),
        (name = "health", description = "For whoever runs the server"),
    ),
    components(schemas(ProblemBody, Folder)),
    modifiers(&Schemes),
)]
struct Document;

struct Schemes;

impl Modify for Schemes {
    fn modify(&self, document: &mut OpenApi) {
        let components = document.components.get_or_insert_default();
        let cookie = |name: &str, description: &str| {
            SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::with_description(name, description)))
        };
        let key = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .description(Some("An integrator's key, `spk_…`"))
            .build();
        components.add_security_scheme("key", SecurityScheme::Http(key));
        let staff = "A staff member's session; changing calls also send `X-Sealpost-Request: 1`";
        components.add_security_scheme("session", cookie("__Host-sealpost_staff", staff));
        let pending = "Between the password and the second step; `POST /session/second-step` and those under it alone take it";
        components.add_security_scheme("pending_session", cookie("__Host-sealpost_staff_pending", pending));
        let enrolling = "Where the organization wants a second step: sets one up, and nothing else";
        components
            .add_security_scheme("enrolling_session", cookie("__Host-sealpost_staff_enrolling", enrolling));
        let patient = "A patient's session; changing calls also send `X-Sealpost-Request: 1`";
        components.add_security_scheme("patient", cookie("__Host-sealpost_patient", patient));
    }
}

/// The document without its operations.
pub fn frame() -> OpenApi {
    Document::openapi()
}

/// Adds what every operation of a kind can answer, so that no operation has to repeat it.
pub fn complete(mut document: OpenApi) -> OpenApi {
    for (path, item) in &mut document.paths.paths {
        let methods = [
            (Method::GET, &mut item.get),
            (Method::POST, &mut item.post),
            (Method::PUT, &mut item.put),
            (Method::PATCH, &mut item.patch),
            (Method::DELETE, &mut item.delete),
        ];
        for (method, operation) in methods {
            if let Some(operation) = operation {
                complete_operation(&method, path, operation);
            }
        }
    }
    document
}

/// The document as it is handed out: with words, codes and examples for every operation.
pub fn finish(document: &OpenApi) -> serde_json::Result<serde_json::Value> {
    let mut document = serde_json::to_value(document)?;
    words::mend(&mut document);
    nulls::strip_from_answers(&mut document);
    examples::add(&mut document);
    Ok(document)
}

fn complete_operation(method: &Method, path: &str, operation: &mut Operation) {
    let has_body = operation.request_body.is_some();
    let known = operation.security.is_some();
    let has_parameters = operation.parameters.as_ref().is_some_and(|parameters| !parameters.is_empty());
    let changes = !method.is_safe();
    let is_api = path.starts_with("/api/");
    let hook = path.starts_with("/hooks/");
    let chat = path.starts_with("/api/v1/chat/");
    let gate = path.contains("/secure-links/") && !path.ends_with("/relink");
    let statuses = [
        (400, (is_api || hook) && (has_body || has_parameters || known)),
        (401, known || path.ends_with("/enter") || path.ends_with("/verify-pin")),
        (403, changes),
        (404, path.contains('{') || gate),
        (409, chat),
        (410, chat || gate),
        (413, has_body),
        (415, changes),
        (422, has_body),
        // A network makes so many calls before anybody is known (`floods`).
        (429, (is_api || hook) && changes && !known),
        (500, is_api),
        (503, true),
    ];
    if operation.responses.responses.contains_key("201") && !chat && takes_keys(operation) {
        operation.parameters.get_or_insert_default().push(RefOr::T(idempotency_key()));
    }
    for (status, applies) in statuses {
        let answers = &mut operation.responses.responses;
        let status = status.to_string();
        if applies && !answers.contains_key(&status) {
            answers.insert(status.clone(), RefOr::T(Response::default()));
        }
        if let Some(RefOr::T(answer)) = answers.get_mut(&status) {
            describe(&status, answer);
        }
    }
}

/// People are not asked for an `Idempotency-Key`, and what only they may create does not take one.
fn takes_keys(operation: &Operation) -> bool {
    let security = serde_json::to_value(&operation.security).unwrap_or_default();
    security.as_array().into_iter().flatten().any(|one| one.get("key").is_some())
}

/// On every creating call: optional for people at the desk, required for keys.
fn idempotency_key() -> Parameter {
    let text =
        ObjectBuilder::new().schema_type(Type::String).min_length(Some(1)).max_length(Some(255)).build();
    ParameterBuilder::new()
        .name(IDEMPOTENCY_KEY)
        .parameter_in(ParameterIn::Header)
        .description(Some(
            "Visible ASCII, a fresh one per request that you mean. The same key and body get the first answer again, \
             with `Idempotency-Replayed: true`, for 24 hours. Required with an API key.",
        ))
        .schema(Some(text))
        .build()
}

/// Gives a problem its body; which codes it can have is said by `words`.
fn describe(status: &str, answer: &mut Response) {
    if !status.starts_with('2') && !has_a_body_of_its_own(answer) {
        let body = ContentBuilder::new().schema(Some(Ref::from_schema_name("ProblemBody"))).build();
        let described = ResponseBuilder::new()
            .description(answer.description.clone())
            .content("application/problem+json", body);
        *answer = match status {
            "429" => described.header(RETRY_AFTER.as_str(), retry_after()).build(),
            _ => described.build(),
        };
    }
}

fn retry_after() -> Header {
    let seconds = ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(1)).build();
    HeaderBuilder::new().schema(Some(seconds)).description(Some("How many seconds to wait")).build()
}

/// As `/readyz`, which says in the same form that all is well and that it is not.
fn has_a_body_of_its_own(answer: &Response) -> bool {
    let content = serde_json::to_string(&answer.content).unwrap_or_default();
    !answer.content.is_empty() && !content.contains("ProblemBody")
}

/// Which methods each documented address takes: tells a wrong method from a wrong address.
pub struct Methods(Vec<(ResourceDef, Vec<&'static str>)>);

impl Methods {
    pub fn of(document: &OpenApi) -> Self {
        let methods: HashMap<&String, Vec<&'static str>> = document
            .paths
            .paths
            .iter()
            .map(|(path, item)| {
                let taken = [
                    ("GET", item.get.is_some()),
                    ("POST", item.post.is_some()),
                    ("PUT", item.put.is_some()),
                    ("PATCH", item.patch.is_some()),
                    ("DELETE", item.delete.is_some()),
                ];
                (path, taken.into_iter().filter_map(|(method, taken)| taken.then_some(method)).collect())
            })
            .collect();
        Self(methods.into_iter().map(|(path, methods)| (ResourceDef::new(path.as_str()), methods)).collect())
    }
}

/// What no route takes: 405 when the address exists, else 404.
pub async fn no_such_route(request: HttpRequest) -> HttpResponse {
    let methods = request.app_data::<Data<Methods>>();
    let allowed = methods.and_then(|methods| {
        methods
            .0
            .iter()
            .find(|(address, _)| address.is_match(request.path()))
            .map(|(_, methods)| methods.join(", "))
    });
    match allowed {
        Some(allowed) => {
            let mut response = Problem::from(ProblemCode::MethodNotAllowed).error_response();
            if let Ok(value) = allowed.parse() {
                response.headers_mut().insert(ALLOW, value);
            }
            response
        }
        None => Problem::from(ProblemCode::NotFound).error_response(),
    }
}
