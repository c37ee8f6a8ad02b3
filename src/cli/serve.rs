//! `postkamer serve`: the workbench in the browser.

use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::sync::Arc;

use super::context::{Context, random};
use crate::error::{Error, Result};
use crate::register::Register;
use crate::register::accounts::Account;
use crate::web::guard::Gate;
use crate::web::house::{House, Setup};

/// Arguments of `serve`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The address and port to listen on; one that other machines can reach takes accounts
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:7878")]
    listen: SocketAddr,
    /// Under what people reach it, such as https://post.example.nl, where a reverse proxy stands before it; takes accounts
    #[arg(long, value_name = "URL")]
    url: Option<String>,
}

impl Args {
    pub fn run(self, context: &Context) -> Result<u8> {
        let workspace = context.workspace(None)?;
        let failed = |cause| Error::io("listen", Path::new(&self.listen.to_string()), cause);
        // Before anything is opened: a second workbench at this address changes nothing.
        Gate::new(self.listen, self.url.as_deref())?;
        let socket = TcpListener::bind(self.listen).map_err(failed)?;
        let address = socket.local_addr().map_err(failed)?;
        let gate = Gate::new(address, self.url.as_deref())?;
        let accounts = gate.accounts;
        let shown = match &self.url {
            Some(url) => url.clone(),
            None => format!("http://{address}/"),
        };
        let mut register = context.register(&workspace)?;
        if accounts && Account::all(&mut register)?.is_empty() {
            context.say("serve-no-accounts", &[]);
        }
        if accounts && !gate.secure {
            context.say("serve-not-secure", &[]);
        }
        drop::<Register>(register);
        let program = std::env::current_exe().map_err(|cause| Error::io("read", Path::new("postkamer"), cause))?;
        let house = House::open(Setup {
            root: workspace.root().to_path_buf(),
            environment: context.environment(),
            clock: context.clock()?,
            random: Arc::new(random),
            temporary: std::env::temp_dir(),
            program,
            gate,
            user: context.user().to_string(),
        })?;
        context.say("serve-listening", &[("url", &shown), ("address", &address.to_string())]);
        crate::web::serve(house, socket, stopped())?;
        Ok(0)
    }
}

/// Done when the system or the user asks the program to stop.
async fn stopped() {
    let interrupted = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut ended) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = interrupted => {}
                _ = ended.recv() => {}
            }
            return;
        }
    }
    let _ = interrupted.await;
}
