"""What people put right: the ledger they are written to, and how they are laid over the names."""
