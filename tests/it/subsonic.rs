//! The OpenSubsonic API over the real app.

mod answers;
mod avatars;
mod calls;
mod clients;
mod hostile;
mod house;
mod keys;
mod paging;
mod playing;
mod published;
mod refused;
mod resuming;
mod schema;
mod sharing;
mod signing_in;
mod sizes;
mod sonic;
mod stage;
mod strangers;
mod streams;
mod table;
mod texts;
mod together;
mod users;
mod writing;
mod xsd;
