//! Recommendation: what to hear next, and why.
//!
//! [`Resources`] live as long as the program; each incarnation of the service ([`Recommendation`])
//! follows profile and the catalog into a store of its own and answers from memory. All of it is
//! derived: the store can be thrown away at any time. Two things speak for a track. Content: it is
//! like what the listener plays (artists, genres, years). Factors: others who hear the same also
//! hear it ([`als`]); they count by their evidence, and not at all for a listener who is alone.

mod alike;
pub mod als;
mod answer;
mod chance;
mod content;
mod error;
mod evidence;
mod following;
mod knowledge;
mod mixes;
mod moments;
mod radio;
mod recommend;
mod rediscover;
mod resources;
mod seeds;
mod service;
mod settings;
mod similar;
mod sonic;
mod spread;
mod store;
mod training;
mod viewer;

pub use resources::Resources;
pub use service::Recommendation;
pub use settings::Settings;
