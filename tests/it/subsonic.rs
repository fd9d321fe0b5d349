//! The OpenSubsonic API over the real app.

mod answers;
mod calls;
mod clients;
mod hostile;
mod house;
mod paging;
mod published;
mod refused;
mod schema;
mod signing_in;
mod sizes;
mod stage;
mod strangers;
mod streams;
mod table;
mod texts;
mod users;
mod writing;
mod xsd;
