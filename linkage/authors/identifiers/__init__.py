"""What identifiers say of who is who, and what they join."""
