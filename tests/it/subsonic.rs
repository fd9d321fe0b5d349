//! The OpenSubsonic API over the real app.

mod answers;
mod calls;
mod hostile;
mod paging;
mod podcasts;
mod schema;
mod signing_in;
mod stage;
mod streams;
mod users;
mod writing;
