//! Who may publish: adapters of the lease port.

mod local;
pub(crate) mod lock;

pub use local::LedgerLease;
