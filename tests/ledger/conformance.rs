use tempfile::TempDir;
use wirereport::ledger::SqliteLedger;

async fn fresh() -> (SqliteLedger, TempDir) {
    crate::fresh()
}

wirereport_actors::ledger_conformance!(fresh);
