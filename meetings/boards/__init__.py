"""Shared writing: one Yjs document per board, its log, and the typed values read from it."""
