//! A time-stamping server on the loopback, with `openssl ts` behind it, that can be told to misbehave.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;

use super::authority::Authority;
use crate::outside::run;

/// How a server answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Manner {
    /// As it should.
    Good,
    /// HTTP 500.
    Broken,
    /// A page for people.
    Html,
    /// A redirect.
    Elsewhere,
    /// What is no DER, under the right type.
    Garbage,
    /// A token for another nonce.
    OtherNonce,
    /// A token for another digest.
    OtherImprint,
    /// No token, and a reason.
    Rejecting,
    /// An answer without end.
    Endless,
}

/// Starts a server for the rest of the test; its URL. None without OpenSSL.
pub fn start(authority: &Authority, manner: Manner) -> Option<String> {
    run("openssl", &["version"], &[])?;
    authority.certify_tsa();
    let settings = "[tsa]\ndefault_tsa = t\n[t]\nserial = SERIAL\nsigner_digest = sha256\ndefault_policy = 1.2.3.4.1\n\
                    digests = sha256\naccuracy = secs:1\ness_cert_id_alg = sha256\n";
    let settings = settings.replace("SERIAL", &authority.path("serial").display().to_string());
    std::fs::write(authority.path("tsa.cnf"), settings).expect("it is written");
    let files = ["tsa.cnf", "query", "tsa.pem", "tsa.key", "ca.pem", "reply"].map(|name| authority.path(name));
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}/tsr", listener.local_addr().expect("its address"));
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { break };
            let Some(query) = query(&mut stream) else { continue };
            // Whoever asked may have had enough of the answer.
            let _ = answer(&mut stream, query, manner, &files);
        }
    });
    Some(url)
}

fn query(stream: &mut TcpStream) -> Option<Vec<u8>> {
    let (mut text, mut byte) = (Vec::new(), [0]);
    while !text.ends_with(b"\r\n\r\n") {
        stream.read_exact(&mut byte).ok()?;
        text.push(byte[0]);
    }
    let head = String::from_utf8_lossy(&text).to_ascii_lowercase();
    assert!(head.contains("content-type: application/timestamp-query"), "{head}");
    let length = head.split("content-length:").nth(1)?.lines().next()?.trim().parse().ok()?;
    let mut body = vec![0; length];
    stream.read_exact(&mut body).ok()?;
    Some(body)
}

fn answer(stream: &mut TcpStream, mut query: Vec<u8>, manner: Manner, files: &[PathBuf; 6]) -> std::io::Result<()> {
    let last = query.len() - 4;
    let digest = query.windows(2).position(|pair| pair == [0x04, 0x20]).expect("a digest") + 10;
    let body = match manner {
        Manner::Broken => return stream.write_all(b"HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n"),
        Manner::Html => return send(stream, "text/html", b"<html>"),
        Manner::Elsewhere => {
            let head = "HTTP/1.1 302 Found\r\nLocation: file:///etc/passwd\r\nContent-Length: 0\r\n\r\n";
            return stream.write_all(head.as_bytes());
        }
        Manner::Endless => {
            stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Type: application/timestamp-reply\r\n\r\n")?;
            loop {
                stream.write_all(&[0x30; 4096])?;
            }
        }
        Manner::Garbage => b"geen DER".to_vec(),
        Manner::Rejecting => {
            let words = b"\x1b[31mtoday is a holiday";
            let (words_len, all) = (words.len() as u8, words.len() as u8 + 7);
            [&[0x30, all + 2, 0x30, all, 2, 1, 2, 0x30, words_len + 2, 0x0C, words_len], &words[..]].concat()
        }
        Manner::Good | Manner::OtherNonce | Manner::OtherImprint => {
            match manner {
                Manner::OtherNonce => query[last] ^= 1,
                Manner::OtherImprint => query[digest] ^= 1,
                _ => {}
            }
            std::fs::write(&files[1], &query)?;
            let file = |at: usize| files[at].display().to_string();
            let (config, query, signer, key, chain, reply) = (file(0), file(1), file(2), file(3), file(4), file(5));
            let request = ["ts", "-reply", "-config", &config, "-queryfile", &query, "-signer", &signer];
            let rest = ["-inkey", &key, "-chain", &chain, "-out", &reply];
            run("openssl", &[&request[..], &rest].concat(), &[]).expect("it was there");
            std::fs::read(&files[5])?
        }
    };
    send(stream, "application/timestamp-reply", &body)
}

fn send(stream: &mut TcpStream, mime: &str, body: &[u8]) -> std::io::Result<()> {
    let head = format!("HTTP/1.1 200 OK\r\nContent-Type: {mime}\r\nContent-Length: {}\r\n\r\n", body.len());
    stream.write_all(head.as_bytes())?;
    stream.write_all(body)
}
