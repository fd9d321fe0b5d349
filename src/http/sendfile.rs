//! Files that go from the page cache to a socket without passing through the program: `sendfile(2)`
//! under hyper.
//!
//! hyper takes bytes, and hands them to its connection untouched when they are to be written. So a body
//! may give it a [window](Windows): bytes that stand for a piece of an open file and are never read.
//! Their [`Connection`] knows them by their address and sends the piece itself. A window belongs to
//! the connection that its body is sent over; nothing between the two may look at the bytes. That
//! rules out TLS, HTTP/2, and whatever is compressed.

mod connection;
#[cfg(test)]
mod tests;
mod windows;

pub use self::{
    connection::Connection,
    windows::{WINDOW_SIZE, Windows},
};
