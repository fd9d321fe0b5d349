//! The program as people and scripts run it: what it says, and the code it ends with.

mod convert;
mod folders;
mod import;
mod logs;
mod starting;
mod usage;
mod users;
