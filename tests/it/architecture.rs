//! The shape of the house, read off its crates and sources: who may know whom, who calls whom, what
//! files look like, and under which licences everything stands.

mod crates;
mod graph;
mod licences;
mod sources;
