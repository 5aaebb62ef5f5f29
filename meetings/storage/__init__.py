"""How meetings are kept: tables, the database and the keys that seal what is personal."""
