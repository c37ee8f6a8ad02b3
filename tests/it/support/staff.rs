//! People with accounts, and a workbench that asks them to sign in.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::time::{Duration, Instant};

use super::Workspace;
use super::client::{Answer, Client};
use super::workbench::Workbench;

/// The password of everybody.
pub const PASSWORD: &str = "een lange zin om te onthouden";

/// Somebody who may look, somebody who may write, somebody who may do all.
pub const STAFF: [(&str, &str); 3] = [("r.lezer", "lezen"), ("m.bom", "schrijven"), ("a.baas", "beheren")];

/// Makes an account by the command line.
#[track_caller]
pub fn hire(workspace: &Workspace, name: &str, role: &str, environment: &[(&str, &str)]) {
    workspace.write("wachtwoord", format!("{PASSWORD}\nwat hieronder staat, telt niet\n"));
    let add = ["user", "add", name, "--rol", role, "--password-file", "wachtwoord"];
    workspace.run_with(&add, environment).exits(0);
    std::fs::remove_file(workspace.path("wachtwoord")).expect("it was there");
}

/// A port that is free now.
pub fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").and_then(|socket| socket.local_addr()).expect("a port").port()
}

/// The workbench of a workspace with [`STAFF`], as people reach it without a reverse proxy.
pub fn open(workspace: &Workspace, environment: &[(&str, &str)]) -> Workbench {
    for (name, role) in STAFF {
        hire(workspace, name, role, environment);
    }
    let listen = format!("127.0.0.1:{}", free_port());
    let url = format!("http://{listen}");
    Workbench::open_with(workspace, &["--listen", &listen, "--url", &url], environment)
}

/// Somebody who has signed in.
#[track_caller]
pub fn signed_in(workbench: &Workbench, name: &str) -> Client {
    let client = Client::new(workbench);
    assert_eq!(sign_in_from(&client, name, PASSWORD, "10.0.0.1").is(303).location.as_deref(), Some("/"));
    client
}

/// Signs in from an address, as a reverse proxy tells it.
pub fn sign_in_from(client: &Client, name: &str, password: &str, from: &str) -> Answer {
    let csrf = client.csrf();
    let fields = [("csrf", csrf.as_str()), ("name", name), ("password", password), ("next", "/")];
    let origin = format!("http://{}", client.host());
    client.post_with("/sign-in", &fields, &[("origin", &origin), ("x-forwarded-for", from)])
}

/// What a workbench has said, once a part of it is there: it is read on a thread of its own.
#[track_caller]
pub fn logged(workbench: &Workbench, part: &str) -> String {
    let until = Instant::now() + Duration::from_secs(10);
    while !workbench.log().contains(part) && Instant::now() < until {
        std::thread::sleep(Duration::from_millis(20));
    }
    let log = workbench.log();
    assert!(log.contains(part), "no {part} in {log}");
    log
}

/// Sends bytes as they are and reads what is answered to them; what can't be sent any more is left.
pub fn raw(host: &str, parts: &[&[u8]]) -> String {
    let mut stream = TcpStream::connect(host).expect("it listens");
    stream.set_read_timeout(Some(Duration::from_secs(30))).expect("a time");
    for part in parts {
        if stream.write_all(part).is_err() {
            break;
        }
    }
    let (mut answer, mut some) = (Vec::new(), [0; 4096]);
    // A connection that is reset has said what it had to say.
    while let Ok(1..) = stream.read(&mut some).inspect(|read| answer.extend(&some[..*read])) {}
    String::from_utf8_lossy(&answer).into_owned()
}
