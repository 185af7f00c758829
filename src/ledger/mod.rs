//! The durable record: adapters of the ledger port.
