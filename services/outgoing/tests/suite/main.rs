//! The guarded client against servers that mean well and servers that do not.

mod addresses;
mod bodies;
mod house;
mod inside;
mod redirects;
mod tls;
