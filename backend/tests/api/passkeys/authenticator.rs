//! An authenticator in software: what a browser and a security key would answer (Web Authentication, level 3).

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use p256::ecdsa::signature::Signer;
use p256::ecdsa::{Signature, SigningKey};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::harness::Server;

const USER_PRESENT: u8 = 0x01;
const USER_VERIFIED: u8 = 0x04;
const BACKED_UP: u8 = 0x08 | 0x10;
const NEW_KEY: u8 = 0x40;

/// A passkey, and the page that it is used on.
#[derive(Clone)]
pub struct Passkey {
    pub key: SigningKey,
    pub id: Vec<u8>,
    pub user_handle: String,
    /// How often it says that it has signed.
    pub count: u32,
    /// Whether it asks its user for a finger or a PIN.
    pub verifies_its_user: bool,
    /// Whether it says whose it is.
    pub tells_its_user: bool,
    pub backed_up: bool,
    pub origin: String,
    pub name: String,
}

impl Passkey {
    /// A new one, for what the server asks.
    pub fn new(server: &Server, options: &Value) -> Self {
        let seed: Vec<u8> = [Uuid::new_v4(), Uuid::new_v4()].iter().flat_map(|half| *half.as_bytes()).collect();
        Self {
            key: SigningKey::from_slice(&seed).unwrap(),
            id: Uuid::new_v4().as_bytes().to_vec(),
            user_handle: options["public_key"]["user"]["id"].as_str().unwrap().to_owned(),
            count: 0,
            verifies_its_user: true,
            tells_its_user: true,
            backed_up: false,
            origin: server.state.public_url.as_str().to_owned(),
            name: "localhost".to_owned(),
        }
    }

    /// The answer that brings it to the server.
    pub fn attestation(&self, options: &Value) -> Value {
        let point = self.key.verifying_key().to_encoded_point(false);
        let mut data = self.data(NEW_KEY);
        data.extend([0; 16]);
        data.extend(u16::try_from(self.id.len()).unwrap().to_be_bytes());
        data.extend(&self.id);
        // A map of five: EC2, ES256, P-256, x and y (RFC 9053, section 7.1).
        data.extend([0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20]);
        data.extend(point.x().unwrap());
        data.extend([0x22, 0x58, 0x20]);
        data.extend(point.y().unwrap());
        // A map of three, in CBOR (RFC 8949).
        let mut object = vec![0xa3];
        object.extend(b"\x63fmt\x64none\x67attStmt\xa0\x68authData\x58");
        object.push(u8::try_from(data.len()).unwrap());
        object.extend(data);
        let client_data = self.client_data("webauthn.create", options);
        json!({
            "id": encode(&self.id),
            "rawId": encode(&self.id),
            "type": "public-key",
            "clientExtensionResults": {"credProps": {"rk": true}},
            "response": {
                "attestationObject": encode(&object),
                "clientDataJSON": encode(client_data.as_bytes()),
                "transports": ["internal", "hybrid"],
            },
        })
    }

    /// The answer that proves that it is at hand.
    pub fn assertion(&mut self, options: &Value) -> Value {
        self.count += 1;
        self.assertion_again(options)
    }

    /// The same without counting.
    pub fn assertion_again(&self, options: &Value) -> Value {
        let data = self.data(0);
        let client_data = self.client_data("webauthn.get", options);
        let mut signed = data.clone();
        signed.extend(Sha256::digest(client_data.as_bytes()));
        let signature: Signature = self.key.sign(&signed);
        json!({
            "id": encode(&self.id),
            "rawId": encode(&self.id),
            "type": "public-key",
            "clientExtensionResults": {},
            "response": {
                "authenticatorData": encode(&data),
                "clientDataJSON": encode(client_data.as_bytes()),
                "signature": encode(signature.to_der().as_bytes()),
                "userHandle": self.tells_its_user.then_some(&self.user_handle),
            },
        })
    }

    fn data(&self, flags: u8) -> Vec<u8> {
        let verified = if self.verifies_its_user { USER_VERIFIED } else { 0 };
        let backed_up = if self.backed_up { BACKED_UP } else { 0 };
        let mut data = Sha256::digest(self.name.as_bytes()).to_vec();
        data.push(USER_PRESENT | verified | backed_up | flags);
        data.extend(self.count.to_be_bytes());
        data
    }

    fn client_data(&self, kind: &str, options: &Value) -> String {
        let challenge = &options["public_key"]["challenge"];
        json!({"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": false}).to_string()
    }
}

fn encode(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}
