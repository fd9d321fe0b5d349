//! Radio stations as the server passes them on.

mod hearing;
mod refused;
mod stage;
