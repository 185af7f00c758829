//! Stand-ins of the world for the end-to-end tests.

pub(crate) mod receiver;
