//! The register in the workbench: found, read, changed, received, reported, each as the command line has it.

mod hostile;
mod roles;
mod scenario;

use serde_json::Value as Json;

use crate::support::Workspace;
use crate::support::client::Client;
use crate::support::workbench::Workbench;

/// A PDF of one empty page: enough for a browser to show and for the register to keep.
pub const PDF: &[u8] = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n\
    2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n\
    3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\n\
    trailer<</Root 1 0 R>>\n%%EOF\n";

/// A workspace whose register holds the example letters of 2020 to 2022.
pub fn imported() -> Workspace {
    let workspace = Workspace::new();
    workspace.run(&["register", "import", "letters/adviestrajecten-2021.csv"]).exits(0);
    workspace
}

/// A letter as `register show --json` has it.
#[track_caller]
pub fn shown(workspace: &Workspace, id: &str) -> Json {
    workspace.run(&["register", "show", id, "--json"]).exits(0).json()
}

/// All letters as `register list --json` has them.
#[track_caller]
pub fn listed(workspace: &Workspace) -> Json {
    workspace.run(&["register", "list", "--json"]).exits(0).json()
}

/// A workbench with accounts, for which it must be known under which name it is reached.
pub fn with_accounts(workspace: &Workspace) -> Workbench {
    for (name, role) in [("lezer", "lezen"), ("schrijver", "schrijven"), ("beheerder", "beheren")] {
        workspace.write("wachtwoord.txt", format!("geheim van {name} 123\n"));
        let arguments = ["user", "add", name, "--rol", role, "--password-file", "wachtwoord.txt"];
        workspace.run(&arguments).exits(0);
    }
    let socket = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = socket.local_addr().expect("an address").to_string();
    drop(socket);
    Workbench::open_with(workspace, &["--listen", &address, "--url", &format!("http://{address}")], &[])
}

/// Somebody who is signed in.
#[track_caller]
pub fn signed_in(workbench: &Workbench, name: &str) -> Client {
    let client = Client::new(workbench);
    client.sign_in(name, &format!("geheim van {name} 123")).is(303);
    client
}
