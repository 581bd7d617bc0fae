"""Keys, the audit log, feedback and deliveries."""
