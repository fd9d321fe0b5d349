//! The service over its mailbox and over bytes, fed by small feeds.

mod account_gone;
mod asking;
mod company;
mod content;
mod feeds;
mod following;
mod groups;
mod histories;
mod house;
mod mixes;
mod radio;
mod rediscover;
mod restarting;
mod similar;
mod sonic;
