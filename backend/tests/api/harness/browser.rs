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
        if let Some(device) = device_of(&answer) {
            *self.device.borrow_mut() = Some(device);
        }
        answer
    }
}

/// Signs in as a browser does, with the cookies that it holds, and answers those it gets.
pub fn login_in_browser(client: &Client, identifier: &str, password: &str, cookie: Option<&str>) -> Answer {
    let body = json!({"identifier": identifier, "password": password, "refresh": "cookie"});
    let request = client.request("POST", "/auth/login").json(&body);
    match cookie {
        Some(cookie) => request.header("cookie", cookie).send(),
        None => request.send(),
    }
}

pub fn cookies(answer: &Answer) -> Vec<String> {
    answer.headers.get_all("set-cookie").iter().map(|value| value.to_str().unwrap().to_owned()).collect()
}

/// The pair of a device's cookie, as a browser sends it back.
pub fn device_of(answer: &Answer) -> Option<String> {
    let cookie = cookies(answer).into_iter().find(|cookie| cookie.contains("reeve_device="))?;
    Some(cookie.split(';').next().unwrap().to_owned())
}
