//! Where readers are: adapters of the channel port.
