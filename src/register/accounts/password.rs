//! Passwords: Argon2id (RFC 9106) with the memory and passes that OWASP's password storage cheat sheet names as least.

use argon2::Argon2;
use argon2::password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash};
use zeroize::Zeroizing;

use crate::error::{Error, Finding, Result};

/// The fewest characters of a password (NIST SP 800-63B-4, 3.1.1.2: fifteen where it is the only factor).
pub const MIN_LENGTH: usize = 15;

/// More bytes than anybody types, and few enough to hash.
const MAX_LENGTH: usize = 1024;

/// A hash that nobody's password gives, so that an unknown name takes as long as a wrong password.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5IGlzIGhlcmU$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// A password as it was typed.
pub struct Password(Zeroizing<String>);

impl Password {
    /// A password that was typed to sign in.
    pub fn typed(text: Zeroizing<String>) -> Self {
        Self(text)
    }

    /// A new password.
    ///
    /// # Errors
    /// [`Error::Refused`] when it is too short or far too long.
    pub fn new(text: Zeroizing<String>) -> Result<Self> {
        if text.chars().count() < MIN_LENGTH || text.len() > MAX_LENGTH {
            let limits = Finding::error("password-length").arg("least", MIN_LENGTH).arg("most", MAX_LENGTH);
            return Err(limits.into());
        }
        Ok(Self(text))
    }

    /// Its hash with a salt of its own, in PHC string format.
    pub(super) fn hash(&self, salt: [u8; 16]) -> Result<String> {
        let hash = Argon2::default().hash_password_with_salt(self.0.as_bytes(), &salt);
        hash.map(|hash| hash.to_string()).map_err(|cause| Error::io("hash", std::path::Path::new("-"), cause))
    }

    /// Whether this is the password with a hash; without a hash, never, after as much work.
    pub(super) fn fits(&self, hash: Option<&str>) -> Result<bool> {
        if self.0.len() > MAX_LENGTH {
            return Ok(false);
        }
        let broken = |_| Finding::error("row-broken").arg("id", "password").arg("table", "account");
        let kept = PasswordHash::new(hash.unwrap_or(NOBODY)).map_err(broken)?;
        let fits = Argon2::default().verify_password(self.0.as_bytes(), &kept).is_ok();
        Ok(fits && hash.is_some())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(text: &str) -> Password {
        Password::typed(text.to_string().into())
    }

    #[test]
    fn a_password_fits_its_own_hash_only() {
        let hash = typed("een lange zin om te onthouden").hash([1; 16]).expect("a hash");
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(typed("een lange zin om te onthouden").fits(Some(&hash)).unwrap());
        assert!(!typed("een lange zin om te onthoude").fits(Some(&hash)).unwrap());
        assert!(!typed("").fits(Some(&hash)).unwrap());
        assert_ne!(typed("een lange zin om te onthouden").hash([2; 16]).unwrap(), hash, "two salts");
    }

    #[test]
    fn nobody_has_a_password() {
        PasswordHash::new(NOBODY).expect("a hash that can be tried");
        for text in ["", "nobody", "een lange zin om te onthouden"] {
            assert!(!typed(text).fits(None).unwrap());
            assert!(!typed(text).fits(Some(NOBODY)).unwrap());
        }
    }

    #[test]
    fn a_short_password_is_none() {
        assert!(Password::new("veertien tekens".chars().take(14).collect::<String>().into()).is_err());
        assert!(Password::new("é".repeat(15).into()).is_ok());
        assert!(Password::new("x".repeat(1025).into()).is_err());
    }
}
