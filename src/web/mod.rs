//! The workbench: letters, register, mailings and archive in the browser.
//!
//! A second door to the library, beside the command line, with no logic of its own. A page reads through the library;
//! what can take a process down with it (typesetting a letter, judging a PDF that somebody sent, a mailing of thousands)
//! is done by a process of its own: `errand` runs a command, and `previews` keeps a few at hand that lay letters out.
//!
//! [`house`] is what all requests share, `guard` what every one of them is held against, `visit` who makes it,
//! `page` what every page looks like. Each room has a folder: its routes in `mod.rs`, its pages beside it.

mod account;
mod answer;
mod archive;
mod assets;
mod desk;
mod errand;
pub mod guard;
pub mod house;
mod letters;
mod mailings;
mod page;
mod posted;
mod previews;
mod register;
mod stream;
mod visit;

use std::future::Future;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use tokio::net::TcpListener;

use crate::error::{Error, Result};
use house::House;

/// The most of a form that is read, in bytes: a letter file is at most a mebibyte, and percent-encoding can triple it.
const MAX_FORM: usize = 4 << 20;

/// The most of a form with a file that is read, in bytes.
const MAX_FILE: usize = 100 << 20;

/// The stack of a thread that lays letters out or reads what others wrote, in bytes.
const STACK: usize = 64 << 20;

/// How long requests that are under way get to end once the workbench is asked to stop.
const GRACE: Duration = Duration::from_secs(10);

/// Serves the workbench on a socket until `stop` is done; requests that are under way then are finished.
///
/// # Errors
/// When the system gives no threads, or the socket fails.
pub fn serve(
    house: House,
    socket: std::net::TcpListener,
    stop: impl Future<Output = ()> + Send + 'static,
) -> Result<()> {
    let failed = |cause: std::io::Error| Error::io("listen", Path::new("-"), cause);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().thread_stack_size(STACK).build();
    let runtime = runtime.map_err(failed)?;
    // It outlives the runtime: a connection to PostgreSQL can't be closed on a thread that serves requests.
    let house = Arc::new(house);
    let done = runtime.block_on(async {
        socket.set_nonblocking(true)?;
        let listener = TcpListener::from_std(socket)?;
        let service = router(house.clone()).into_make_service_with_connect_info::<SocketAddr>();
        let (told, stopping) = tokio::sync::oneshot::channel::<()>();
        let stop = async move {
            stop.await;
            drop(told);
        };
        let served = axum::serve(listener, service).with_graceful_shutdown(stop);
        let overdue = async {
            let _ = stopping.await;
            tokio::time::sleep(GRACE).await;
        };
        tokio::select! {
            done = served => done,
            // Somebody holds a request open and sends nothing.
            () = overdue => Ok(()),
        }
    });
    runtime.shutdown_timeout(GRACE);
    done.map_err(failed)
}

fn router(house: Arc<House>) -> Router {
    let rooms = Router::new().merge(account::routes()).merge(desk::routes()).merge(letters::routes());
    let rooms = rooms.merge(register::routes()).merge(mailings::routes()).merge(archive::routes());
    rooms
        .fallback(answer::nothing_here)
        .layer(DefaultBodyLimit::max(MAX_FORM))
        .layer(from_fn(answer::dress))
        .layer(from_fn_with_state(house.clone(), visit::enter))
        .merge(assets::routes())
        .layer(from_fn_with_state(house.clone(), guard::guard))
        .with_state(house)
}
