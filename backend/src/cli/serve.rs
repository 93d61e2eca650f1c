//! `reeve serve`.

use std::net::TcpListener;

use super::{Context, Failure};
use crate::clock::Clock;
use crate::config::Settings;
use crate::features::audit;
use crate::state::AppState;
use crate::{access, app, telemetry};

pub(super) async fn serve(context: &Context) -> Result<(), Failure> {
    let settings = context.settings()?;
    let log = telemetry::start(settings.log_format, settings.log_level)?;
    let served = serve_with(settings).await;
    log.flush();
    served
}

async fn serve_with(settings: Settings) -> Result<(), Failure> {
    let listener = TcpListener::bind(settings.listen)
        .map_err(|error| Failure::new(format!("can't listen on {}: {error}", settings.listen)))?;
    let port = listener.local_addr()?.port();
    let state = AppState::new(settings, port, Clock::default())?;
    let invitation = state.prepare().await?;
    let running = app::serve(state.clone(), listener, true)?;
    actix_web::rt::spawn(access::watch(state.clone()));
    actix_web::rt::spawn(audit::keep_linked(state.clone()));
    println!("Reeve listens on {}", state.public_url.as_str());
    if let Some(link) = invitation {
        println!("Create the first administrator (once, within a day): {link}");
    }
    running.server.await?;
    Ok(())
}
