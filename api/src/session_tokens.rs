//! The JWT in a session cookie: EdDSA only, a key per audience, always backed by a row (security.md D10).
//!
//! Times are checked against our `Clock`; the JWT crate would read the system's.

use std::collections::HashMap;

use aws_lc_rs::encoding::AsDer;
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use chrono::{DateTime, TimeDelta, Utc};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use sealpost_shared::ids::{OrganizationId, SessionId};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::db::Db;
use crate::entities::server_key;
use crate::problem::{Problem, Result};
use crate::secrets::{KeyRing, random_token};

#[cfg(test)]
mod jwt;

/// Whose session it is. Each audience has keys of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    Staff,
    /// Staff between the password and the second step (security.md D12).
    PendingStaff,
    /// Staff who may set up a second factor and nothing else, where their organization wants one.
    EnrollingStaff,
    Patient,
}

impl Audience {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Staff => "staff",
            Self::PendingStaff => "staff-pending",
            Self::EnrollingStaff => "staff-enrolling",
            Self::Patient => "patient",
        }
    }

    /// The header's `typ`: one kind of token is never taken for another (RFC 8725, 3.11).
    const fn kind(self) -> &'static str {
        match self {
            Self::Staff => "sealpost-staff+jwt",
            Self::PendingStaff => "sealpost-staff-pending+jwt",
            Self::EnrollingStaff => "sealpost-staff-enrolling+jwt",
            Self::Patient => "sealpost-patient+jwt",
        }
    }
}

const ISSUER: &str = "sealpost";
/// A token is worth this long; every use of an older one gives a fresh one.
pub const LIFETIME: TimeDelta = TimeDelta::minutes(15);
const RENEW_AFTER: TimeDelta = TimeDelta::minutes(5);
const LEEWAY: TimeDelta = TimeDelta::seconds(30);

#[derive(Debug, Serialize, Deserialize)]
struct Claims {
    iss: String,
    aud: String,
    sub: Uuid,
    org: OrganizationId,
    sid: SessionId,
    sv: i64,
    iat: i64,
    nbf: i64,
    exp: i64,
    jti: String,
    amr: Vec<String>,
    auth_time: i64,
}

/// What a token says, once it was found genuine and in time.
#[derive(Debug, Clone)]
pub struct Token {
    pub audience: Audience,
    pub session: SessionId,
    pub organization: OrganizationId,
    /// The user or contact.
    pub subject: Uuid,
    pub session_version: i64,
    /// How the person proved who they are: `pwd`, `pin`, `link`, `otl`.
    pub method: String,
    pub authenticated_at: DateTime<Utc>,
}

impl Token {
    /// The row that the token names must be the one it was made for, in all that it says of it.
    pub fn says(&self, organization: OrganizationId, subject: Uuid, session_version: i64) -> bool {
        self.organization == organization
            && self.subject == subject
            && self.session_version == session_version
    }
}

/// A genuine token.
pub struct Verified {
    pub token: Token,
    /// False when its own time is over. What ended may still matter: an expired link is said as such.
    pub in_time: bool,
    /// Old enough for a fresh one.
    pub renew: bool,
}

struct Keys {
    newest: String,
    signing: EncodingKey,
    verifying: HashMap<String, DecodingKey>,
}

pub struct SessionTokens {
    staff: Keys,
    pending_staff: Keys,
    enrolling_staff: Keys,
    patient: Keys,
}

impl SessionTokens {
    /// Reads the keys from the database, making the first ones.
    pub async fn load(db: &Db, ring: &KeyRing, now: DateTime<Utc>) -> Result<Self> {
        Ok(Self {
            staff: Keys::load(db, ring, Audience::Staff, now).await?,
            pending_staff: Keys::load(db, ring, Audience::PendingStaff, now).await?,
            enrolling_staff: Keys::load(db, ring, Audience::EnrollingStaff, now).await?,
            patient: Keys::load(db, ring, Audience::Patient, now).await?,
        })
    }

    pub fn sign(&self, token: &Token, now: DateTime<Utc>) -> Result<String> {
        let keys = self.keys(token.audience);
        let mut header = Header::new(Algorithm::EdDSA);
        header.typ = Some(token.audience.kind().to_owned());
        header.kid = Some(keys.newest.clone());
        let claims = Claims {
            iss: ISSUER.to_owned(),
            aud: token.audience.name().to_owned(),
            sub: token.subject,
            org: token.organization,
            sid: token.session,
            sv: token.session_version,
            iat: now.timestamp(),
            nbf: now.timestamp(),
            exp: (now + LIFETIME).timestamp(),
            jti: random_token(),
            amr: vec![token.method.clone()],
            auth_time: token.authenticated_at.timestamp(),
        };
        jsonwebtoken::encode(&header, &claims, &keys.signing).map_err(Problem::internal)
    }

    /// Nothing for anything that is not ours and of this audience.
    pub fn verify(&self, audience: Audience, text: &str, now: DateTime<Utc>) -> Option<Verified> {
        let header = jsonwebtoken::decode_header(text).ok()?;
        if header.alg != Algorithm::EdDSA || header.typ.as_deref() != Some(audience.kind()) {
            return None;
        }
        if brings_its_key(&header) {
            return None;
        }
        let key = self.keys(audience).verifying.get(header.kid.as_deref()?)?;
        let mut rules = Validation::new(Algorithm::EdDSA);
        rules.set_audience(&[audience.name()]);
        rules.set_issuer(&[ISSUER]);
        rules.set_required_spec_claims(&["iss", "aud", "sub", "exp", "nbf"]);
        rules.validate_exp = false;
        rules.validate_nbf = false;
        let claims = jsonwebtoken::decode::<Claims>(text, key, &rules).ok()?.claims;
        let time = |seconds| DateTime::from_timestamp(seconds, 0);
        let in_time = time(claims.nbf)? <= now + LEEWAY && time(claims.exp)? + LEEWAY > now;
        let token = Token {
            audience,
            session: claims.sid,
            organization: claims.org,
            subject: claims.sub,
            session_version: claims.sv,
            method: claims.amr.into_iter().next()?,
            authenticated_at: time(claims.auth_time)?,
        };
        Some(Verified { token, in_time, renew: in_time && time(claims.iat)? + RENEW_AFTER <= now })
    }

    const fn keys(&self, audience: Audience) -> &Keys {
        match audience {
            Audience::Staff => &self.staff,
            Audience::PendingStaff => &self.pending_staff,
            Audience::EnrollingStaff => &self.enrolling_staff,
            Audience::Patient => &self.patient,
        }
    }
}

/// Ours never do: a key comes from the table, by its `kid`.
const fn brings_its_key(header: &Header) -> bool {
    header.jwk.is_some()
        || header.jku.is_some()
        || header.x5u.is_some()
        || header.x5c.is_some()
        || header.x5t.is_some()
        || header.x5t_s256.is_some()
        || header.crit.is_some()
}

impl Keys {
    /// The first one signs.
    fn of(keys: impl IntoIterator<Item = (String, Vec<u8>)>) -> Result<Self> {
        let mut made: Option<Self> = None;
        for (id, der) in keys {
            let pair = Ed25519KeyPair::from_pkcs8(&der).map_err(Problem::internal)?;
            let verifying = DecodingKey::from_ed_der(pair.public_key().as_ref());
            let made = made.get_or_insert_with(|| Self {
                newest: id.clone(),
                signing: EncodingKey::from_ed_der(&der),
                verifying: HashMap::new(),
            });
            made.verifying.insert(id, verifying);
        }
        made.ok_or_else(|| Problem::internal("no session keys"))
    }

    async fn load(db: &Db, ring: &KeyRing, audience: Audience, now: DateTime<Utc>) -> Result<Self> {
        let purpose = match audience {
            Audience::Staff => "jwt-staff",
            Audience::PendingStaff => "jwt-staff-pending",
            Audience::EnrollingStaff => "jwt-staff-enrolling",
            Audience::Patient => "jwt-patient",
        };
        let mut rows = list(db, purpose).await?;
        if rows.is_empty() {
            make(db, ring, purpose, now).await?;
            rows = list(db, purpose).await?;
        }
        let open = |row: server_key::Model| {
            let der = ring.open_server_key(purpose, &row.id, &row.sealed_key)?;
            Ok((row.id, der.to_vec()))
        };
        Self::of(rows.into_iter().map(open).collect::<Result<Vec<_>>>()?)
    }
}

/// Two servers that start at once both come here; the id makes one of them win.
async fn make(db: &Db, ring: &KeyRing, purpose: &str, now: DateTime<Utc>) -> Result<()> {
    let pair = Ed25519KeyPair::generate().map_err(Problem::internal)?;
    let der = AsDer::<aws_lc_rs::encoding::Pkcs8V1Der>::as_der(&pair).map_err(Problem::internal)?;
    let row = server_key::Model {
        purpose: purpose.to_owned(),
        id: "1".to_owned(),
        sealed_key: ring.seal_server_key(purpose, "1", der.as_ref())?,
        created_at: now,
    };
    db.before_organization().write(async |tx| Ok(server_key::insert_new(tx, row).await?)).await
}

async fn list(db: &Db, purpose: &str) -> Result<Vec<server_key::Model>> {
    Ok(server_key::list(&db.before_organization().read().await?, purpose).await?)
}
