//! What a form sends: the only way by which a handler gets at the body of a request, so that none forgets to hold it
//! against the session's token.

use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::multipart::{Field, Multipart, MultipartError};
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use tempfile::NamedTempFile;

use super::answer::Failure;
use super::house::House;
use super::visit::Visit;
use crate::error::Error;

/// The fields of a form, in the order in which they were sent.
#[derive(Debug, Clone, Default)]
pub struct Fields(Vec<(String, String)>);

impl Fields {
    /// What is in a field, without white space around it; empty if it was not sent.
    pub fn text(&self, name: &str) -> &str {
        self.raw(name).trim()
    }

    /// The same as it was sent.
    pub fn raw(&self, name: &str) -> &str {
        self.0.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }

    /// What is in a field; none if that is nothing but white space.
    pub fn some(&self, name: &str) -> Option<&str> {
        Some(self.text(name)).filter(|text| !text.is_empty())
    }

    /// Whether a field was sent at all, as a ticked box is.
    pub fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(known, _)| known == name)
    }

    /// Every field with what is in it.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

/// A form without files.
pub struct Posted(pub Fields);

impl<S: Send + Sync> FromRequest<S> for Posted {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &S) -> Result<Self, Failure> {
        let visit = request.extensions().get::<Visit>().cloned().ok_or(Failure::SignIn)?;
        let bytes = Bytes::from_request(request, state).await.map_err(|refused| {
            let too_large = refused.into_response().status() == StatusCode::PAYLOAD_TOO_LARGE;
            if too_large { Failure::TooLarge } else { Failure::Malformed }
        })?;
        let fields = Fields(serde_urlencoded::from_bytes(&bytes).map_err(|_| Failure::Malformed)?);
        if !visit.is_own(fields.raw("csrf")) {
            return Err(Failure::Stale);
        }
        Ok(Self(fields))
    }
}

/// A file that was sent, in a temporary place.
pub struct SentFile {
    /// The field it was sent in.
    pub field: String,
    /// What it is called where it came from: a name without folders.
    pub name: String,
    /// Its bytes.
    pub file: NamedTempFile,
    /// How many.
    pub size: u64,
}

/// A form with files. Its route sets with `DefaultBodyLimit` how much is taken in.
pub struct Uploaded {
    /// Its other fields.
    pub fields: Fields,
    /// Its files, without those that were left empty.
    pub files: Vec<SentFile>,
}

impl Uploaded {
    /// Takes out the file that was sent in a field.
    pub fn take(&mut self, field: &str) -> Option<SentFile> {
        let at = self.files.iter().position(|file| file.field == field)?;
        Some(self.files.swap_remove(at))
    }
}

impl FromRequest<Arc<House>> for Uploaded {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &Arc<House>) -> Result<Self, Failure> {
        let (mut parts, body) = request.into_parts();
        let visit = Visit::from_request_parts(&mut parts, state).await?;
        let multipart = Multipart::from_request(Request::from_parts(parts, body), state).await;
        let mut multipart = multipart.map_err(|_| Failure::Malformed)?;
        let mut sent = Self { fields: Fields::default(), files: Vec::new() };
        let (mut is_own, mut taken) = (false, 0);
        while let Some(field) = multipart.next_field().await.map_err(refused)? {
            let name = field.name().unwrap_or_default().to_string();
            if field.file_name().is_some() {
                // Nothing is taken in before it is known who sends it.
                if !is_own {
                    return Err(Failure::Stale);
                }
                sent.files.extend(file(name, field, state.temporary()).await?);
            } else {
                let value = text(field, &mut taken).await?;
                is_own |= name == "csrf" && visit.is_own(&value);
                sent.fields.0.push((name, value));
            }
        }
        if is_own { Ok(sent) } else { Err(Failure::Stale) }
    }
}

/// The text of a field; `taken` counts the bytes of all of them, which together are no more than a form may be.
async fn text(mut field: Field<'_>, taken: &mut usize) -> Result<String, Failure> {
    let mut value = Vec::new();
    while let Some(chunk) = field.chunk().await.map_err(refused)? {
        *taken += chunk.len();
        if *taken > super::MAX_FORM {
            return Err(Failure::TooLarge);
        }
        value.extend_from_slice(&chunk);
    }
    String::from_utf8(value).map_err(|_| Failure::Malformed)
}

async fn file(name: String, mut field: Field<'_>, place: &Path) -> Result<Option<SentFile>, Failure> {
    let given = field.file_name().unwrap_or_default();
    // Some browsers send the folders too.
    let given = given.rsplit(['/', '\\']).next().unwrap_or_default().to_string();
    let failed = |cause: std::io::Error| Failure::Error(Error::io("write", place, cause));
    let mut file = NamedTempFile::new_in(place).map_err(failed)?;
    let mut size = 0;
    while let Some(chunk) = field.chunk().await.map_err(refused)? {
        // A few kibibytes into the system's cache: not worth a thread of its own.
        file.write_all(&chunk).map_err(failed)?;
        size += chunk.len() as u64;
    }
    Ok((!given.is_empty() || size > 0).then_some(SentFile { field: name, name: given, file, size }))
}

fn refused(cause: MultipartError) -> Failure {
    if cause.status() == StatusCode::PAYLOAD_TOO_LARGE { Failure::TooLarge } else { Failure::Malformed }
}
