//! The OpenSubsonic API over the real app.

mod answers;
mod calls;
mod hostile;
mod keys;
mod paging;
mod playing;
mod resuming;
mod schema;
mod sharing;
mod signing_in;
mod stage;
mod streams;
mod together;
mod users;
mod writing;
