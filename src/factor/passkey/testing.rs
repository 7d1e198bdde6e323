//! An authenticator made by hand, which can misbehave: it says and signs what a test wants.

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair as _};
use serde_json::{Value, json};

use crate::random::base64url;

/// User present, user verified.
pub(crate) const VERIFIED: u8 = 0x01 | 0x04;
/// May be copied.
pub(crate) const ELIGIBLE: u8 = 0x08;
/// Is copied.
pub(crate) const COPIED: u8 = 0x10;

/// One key and what it says of itself.
pub(crate) struct SoftKey {
    pub(crate) key: EcdsaKeyPair,
    pub(crate) id: Vec<u8>,
    pub(crate) handle: Option<Vec<u8>>,
    pub(crate) flags: u8,
    pub(crate) counter: u32,
    pub(crate) origin: String,
    pub(crate) rp_id: String,
    pub(crate) cross_origin: bool,
}

impl SoftKey {
    /// A good one, of the portal of test cores.
    pub(crate) fn new(id: u8) -> Self {
        Self {
            key: EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING).unwrap(),
            id: vec![id; 32],
            handle: None,
            flags: VERIFIED,
            counter: 1,
            origin: "https://auth.example.com".to_owned(),
            rp_id: "auth.example.com".to_owned(),
            cross_origin: false,
        }
    }

    fn client_data(&self, kind: &str, options: &Value) -> Vec<u8> {
        let data =
            json!({ "type": kind, "challenge": options["challenge"], "origin": self.origin, "crossOrigin": self.cross_origin });
        data.to_string().into_bytes()
    }

    fn authenticator_data(&self, attested: &[u8]) -> Vec<u8> {
        let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, self.rp_id.as_bytes());
        let mut data = digest.as_ref().to_vec();
        data.push(self.flags | if attested.is_empty() { 0 } else { 0x40 });
        data.extend_from_slice(&self.counter.to_be_bytes());
        data.extend_from_slice(attested);
        data
    }

    /// `RegistrationResponseJSON`, without attestation.
    pub(crate) fn create(&mut self, options: &Value) -> String {
        self.handle = Some(base64(options["user"]["id"].as_str().unwrap()));
        let point = self.key.public_key().as_ref().to_vec();
        // AAGUID, length and credential id, and the COSE key {1: 2, 3: -7, -1: 1, -2: x, -3: y} (RFC 9053).
        let mut attested = vec![0; 16];
        attested.extend_from_slice(&u16::try_from(self.id.len()).unwrap().to_be_bytes());
        attested.extend_from_slice(&self.id);
        attested.extend_from_slice(&[0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20]);
        attested.extend_from_slice(&point[1..33]);
        attested.extend_from_slice(&[0x22, 0x58, 0x20]);
        attested.extend_from_slice(&point[33..65]);
        let data = self.authenticator_data(&attested);
        // {"fmt": "none", "attStmt": {}, "authData": bytes}
        let mut object = b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x59".to_vec();
        object.extend_from_slice(&u16::try_from(data.len()).unwrap().to_be_bytes());
        object.extend_from_slice(&data);
        json!({
            "id": base64url(&self.id), "rawId": base64url(&self.id), "type": "public-key", "clientExtensionResults": {},
            "response": {
                "clientDataJSON": base64url(&self.client_data("webauthn.create", options)),
                "attestationObject": base64url(&object),
                "transports": ["internal"],
            },
        })
        .to_string()
    }

    /// `AuthenticationResponseJSON`; the counter rises.
    pub(crate) fn get(&mut self, options: &Value) -> String {
        if self.counter > 0 {
            self.counter += 1;
        }
        let (client, data) = (self.client_data("webauthn.get", options), self.authenticator_data(&[]));
        let mut signed = data.clone();
        signed.extend_from_slice(aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, &client).as_ref());
        let signature = self.key.sign(&SystemRandom::new(), &signed).unwrap();
        let mut response = json!({
            "clientDataJSON": base64url(&client),
            "authenticatorData": base64url(&data),
            "signature": base64url(signature.as_ref()),
        });
        if let Some(handle) = &self.handle {
            response["userHandle"] = base64url(handle).into();
        }
        json!({
            "id": base64url(&self.id), "rawId": base64url(&self.id), "type": "public-key", "clientExtensionResults": {},
            "response": response,
        })
        .to_string()
    }
}

/// Reads base64url of any length.
pub(crate) fn base64(text: &str) -> Vec<u8> {
    use base64::Engine as _;
    base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(text).unwrap()
}
