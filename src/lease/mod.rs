//! Who may publish: adapters of the lease port.
