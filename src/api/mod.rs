//! The API that every command speaks, and health.
