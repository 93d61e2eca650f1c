//! `reeve serve`.

use std::net::TcpListener;

use tokio::sync::oneshot;

use super::{Context, Failure};
use crate::clock::Clock;
use crate::config::Settings;
use crate::features::{audit, auth};
use crate::state::AppState;
use crate::{access, app, mail, telemetry};

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
    actix_web::rt::spawn(auth::answer_link_requests(state.clone()));
    let (stop, stopped) = oneshot::channel::<()>();
    let sending = actix_web::rt::spawn(mail::work(state.clone(), stopped));
    actix_web::rt::spawn(audit::keep_linked(state.clone()));
    println!("Reeve listens on {}", state.public_url.as_str());
    if let Some(link) = invitation {
        println!("Create the first administrator (once, within a day): {link}");
    }
    running.server.await?;
    // Nothing new is queued now; what is on its way ends first, or it would be sent twice.
    drop(stop);
    let _ = sending.await;
    Ok(())
}
