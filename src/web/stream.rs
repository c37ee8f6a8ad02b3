//! A file on its way to whoever asked for it, a piece at a time: memory doesn't grow with it, nor with slow readers.

use std::fs::File;
use std::io::Read;
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes};
use futures_core::Stream;
use tokio::sync::mpsc;

/// The bytes of a piece.
const PIECE: usize = 64 << 10;

/// How many pieces are read ahead.
const AHEAD: usize = 4;

/// The pieces of a file.
struct Pieces(mpsc::Receiver<std::io::Result<Bytes>>);

impl Stream for Pieces {
    type Item = std::io::Result<Bytes>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().0.poll_recv(context)
    }
}

/// The body of an answer that sends a file. `held` is let go when it is sent, or nobody wants it any more.
pub(super) fn file(mut file: File, held: impl Send + 'static) -> Body {
    let (pieces, sent) = mpsc::channel(AHEAD);
    tokio::task::spawn_blocking(move || {
        let _held = held;
        loop {
            let mut piece = vec![0; PIECE];
            let read = match file.read(&mut piece) {
                Ok(0) => return,
                Ok(read) => {
                    piece.truncate(read);
                    Ok(piece.into())
                }
                Err(cause) => Err(cause),
            };
            let is_last = read.is_err();
            if pieces.blocking_send(read).is_err() || is_last {
                return;
            }
        }
    });
    Body::from_stream(Pieces(sent))
}
