//! The OpenSubsonic API over the real app.

mod answers;
mod avatars;
mod calls;
mod hostile;
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
