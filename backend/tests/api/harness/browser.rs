//! A browser: it says what it is, takes its session in a cookie, and keeps the one by which its device is known again.

use std::cell::RefCell;

use serde_json::json;

use super::client::{Answer, Client, Request, SignedIn};

pub struct Browser {
    client: Client,
    user_agent: &'static str,
    device: RefCell<Option<String>>,
}

impl Browser {
    pub fn new(client: &Client, user_agent: &'static str) -> Self {
        Self { client: client.clone(), user_agent, device: RefCell::new(None) }
    }

    /// A request with what a browser sends of itself.
    pub fn request(&self, client: &Client, method: &str, path: &str) -> Request {
        let request = client.request(method, path).header("user-agent", self.user_agent);
        match &*self.device.borrow() {
            Some(cookie) => request.header("cookie", cookie),
            None => request,
        }
    }

    pub fn login(&self, identifier: &str, password: &str) -> Answer {
        let body = json!({"identifier": identifier, "password": password, "refresh": "cookie"});
        self.keep_cookie(self.request(&self.client, "POST", "/auth/login").json(&body).send())
    }

    /// Signs in, which must succeed.
    #[track_caller]
    pub fn sign_in(&self, identifier: &str, password: &str) -> SignedIn {
        self.client.signed_in(&self.login(identifier, password))
    }

    /// The pair of the device's cookie, as it is sent back.
    pub fn device(&self) -> Option<String> {
        self.device.borrow().clone()
    }

    /// Takes the device's cookie of an answer, if there is one.
    pub fn keep_cookie(&self, answer: Answer) -> Answer {
        let mut cookies = answer.headers.get_all("set-cookie").iter().map(|value| value.to_str().unwrap());
        if let Some(cookie) = cookies.find(|cookie| cookie.contains("reeve_device=")) {
            *self.device.borrow_mut() = cookie.split(';').next().map(str::to_owned);
        }
        answer
    }
}
