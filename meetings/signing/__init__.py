"""Signatures: one person's own act on one exact frozen plan."""
