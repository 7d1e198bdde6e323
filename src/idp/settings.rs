//! A provider as the config names it, with its secrets read.
//! Invariant: a secret or a key is in no `Debug` output.

use std::fmt;
use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

use ipnet::IpNet;
use jsonwebtoken::{Algorithm, EncodingKey};
use rustls::ClientConfig;
use secrecy::{ExposeSecret as _, SecretString};

use super::files::{private, unreadable};
use super::paths;
use super::saml::SamlPeer;
use super::wire::Wire;
use crate::config::diagnose::Complaint;
use crate::config::schema::{ClientAuth, IdpSection, TokenAlgorithm};
use crate::outbound::roots;

/// What this gateway shows at the token endpoint.
pub(super) enum ClientCredential {
    /// A shared secret.
    Secret(SecretString),
    /// A key of our own, its algorithm and its id.
    Key(Box<EncodingKey>, Algorithm, Option<String>),
    /// Nothing: by SAML there is no token endpoint.
    NotNeeded,
}

/// A provider as the config names it.
pub struct ProviderSettings {
    pub(super) section: IdpSection,
    /// The portal's address, without a final slash.
    pub(super) portal: Box<str>,
    pub(super) credential: ClientCredential,
    pub(super) algorithms: Vec<Algorithm>,
    pub(super) wire: Wire,
    /// What is known of it where it speaks SAML.
    pub(super) saml: Option<Box<SamlPeer>>,
}

impl fmt::Debug for ProviderSettings {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "ProviderSettings({}, {})", self.section.name, self.section.issuer)
    }
}

impl ProviderSettings {
    /// Reads what the section at this place names.
    ///
    /// # Errors
    /// A [`Complaint`] about a file.
    pub(super) fn read(place: usize, section: &IdpSection, portal: &str) -> Result<Self, Complaint> {
        let key = |key: &str| format!("idp[{place}].{key}");
        let portal = portal.trim_end_matches('/');
        let saml = match &section.saml {
            Some(saml) => {
                let acs = format!("{portal}{}", paths::assertion_path(&section.name));
                let own = if section.client_id.is_empty() {
                    format!("{portal}{}", paths::metadata_path(&section.name))
                } else {
                    section.client_id.clone()
                };
                Some(Box::new(SamlPeer::read(&key, section, saml, &own, &acs)?))
            }
            None => None,
        };
        let credential = match (section.client_auth, &section.client_key_file, &section.client_secret_file) {
            _ if saml.is_some() => ClientCredential::NotNeeded,
            (ClientAuth::PrivateKeyJwt, Some(file), _) => {
                let (signer, algorithm) = client_key(&key("client_key_file"), file)?;
                ClientCredential::Key(Box::new(signer), algorithm, section.client_key_id.clone())
            }
            (_, _, Some(file)) => ClientCredential::Secret(client_secret(&key("client_secret_file"), file)?),
            // `config::meaning` has complained already.
            _ => return Err(Complaint::new(format!("idp[{place}]"), "there is no secret and no key to authenticate with")),
        };
        let authorities = roots::of(section.authority.as_deref(), &key("authority"))?;
        let mut tls = ClientConfig::builder().with_root_certificates(authorities).with_no_client_auth();
        tls.alpn_protocols = vec![b"http/1.1".to_vec()];
        let networks: Arc<[IpNet]> = section.networks.iter().map(|network| network.0).collect();
        Ok(Self {
            portal: portal.into(),
            credential,
            algorithms: section.algorithms.iter().copied().map(algorithm).collect(),
            wire: Wire { tls: Arc::new(tls), networks, within: section.answer_within.0 },
            saml,
            section: section.clone(),
        })
    }

    /// Its name here.
    pub fn name(&self) -> &str {
        &self.section.name
    }

    /// What people call it.
    pub fn title(&self) -> &str {
        self.section.title.as_deref().unwrap_or(&self.section.name)
    }

    /// The section of the config.
    pub const fn section(&self) -> &IdpSection {
        &self.section
    }

    /// Whether it speaks SAML.
    pub const fn is_saml(&self) -> bool {
        self.saml.is_some()
    }

    /// The metadata of this gateway for it, where it speaks SAML.
    pub fn own_metadata(&self) -> Option<&str> {
        self.saml.as_deref().map(SamlPeer::own_metadata)
    }

    /// Where people come back to: the address to register at the provider. By SAML it is where responses are posted to.
    pub fn redirect_uri(&self) -> String {
        let path = if self.is_saml() { paths::assertion_path(self.name()) } else { paths::callback_path(self.name()) };
        format!("{}{path}", self.portal)
    }

    /// Where the metadata of this gateway for it is, where it speaks SAML.
    pub fn metadata_uri(&self) -> Option<String> {
        self.is_saml().then(|| format!("{}{}", self.portal, paths::metadata_path(self.name())))
    }

    /// Where people come back to after a sign-out there.
    pub fn post_logout_redirect_uri(&self) -> String {
        format!("{}/sign-out", self.portal)
    }

    /// Where the provider posts logout tokens: another address to register.
    pub fn backchannel_logout_uri(&self) -> String {
        format!("{}{}", self.portal, paths::backchannel_logout_path(self.name()))
    }

    /// Where the provider's page of a logout points a frame.
    pub fn frontchannel_logout_uri(&self) -> String {
        format!("{}{}", self.portal, paths::frontchannel_logout_path(self.name()))
    }

    /// Whether an address is one of its people's.
    pub fn has_mail_of(&self, address: &str) -> bool {
        let Some((_, domain)) = address.rsplit_once('@') else { return false };
        self.section.mail_domains.iter().any(|own| own.eq_ignore_ascii_case(domain.trim()))
    }
}

fn client_secret(key: &str, file: &Path) -> Result<SecretString, Complaint> {
    let bytes = zeroize::Zeroizing::new(private(key, file)?);
    let text = std::str::from_utf8(&bytes).map_err(|_| unreadable(key, file, "it is not text"))?;
    let secret = SecretString::from(text.trim_end_matches(['\n', '\r']).to_owned());
    if secret.expose_secret().is_empty() {
        return Err(unreadable(key, file, "it is empty").help("write the client secret into it, in one line"));
    }
    // Two of four providers cannot take such a secret in the Basic header.
    let text = secret.expose_secret();
    if text.contains(':') || !text.is_ascii() {
        tracing::warn!(file = %file.display(), "idp_secret_awkward");
    }
    Ok(secret)
}

fn client_key(key: &str, file: &Path) -> Result<(EncodingKey, Algorithm), Complaint> {
    let pem = zeroize::Zeroizing::new(private(key, file)?);
    if let Ok(found) = EncodingKey::from_rsa_pem(&pem) {
        return Ok((found, Algorithm::RS256));
    }
    if let Ok(found) = EncodingKey::from_ec_pem(&pem) {
        return Ok((found, Algorithm::ES256));
    }
    if let Ok(found) = EncodingKey::from_ed_pem(&pem) {
        return Ok((found, Algorithm::EdDSA));
    }
    let mut help = String::new();
    let _never_fails =
        write!(help, "make one with `openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out {}`", file.display());
    Err(unreadable(key, file, "it holds no private key of RSA, P-256 or Ed25519 in PEM (PKCS#8)").help(help))
}

/// As the library calls it.
const fn algorithm(word: TokenAlgorithm) -> Algorithm {
    match word {
        TokenAlgorithm::RS256 => Algorithm::RS256,
        TokenAlgorithm::RS384 => Algorithm::RS384,
        TokenAlgorithm::RS512 => Algorithm::RS512,
        TokenAlgorithm::PS256 => Algorithm::PS256,
        TokenAlgorithm::PS384 => Algorithm::PS384,
        TokenAlgorithm::PS512 => Algorithm::PS512,
        TokenAlgorithm::ES256 => Algorithm::ES256,
        TokenAlgorithm::ES384 => Algorithm::ES384,
        TokenAlgorithm::EdDSA => Algorithm::EdDSA,
    }
}
