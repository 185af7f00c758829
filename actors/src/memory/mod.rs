//! Every port in memory: for tests, dry runs and simulation.
