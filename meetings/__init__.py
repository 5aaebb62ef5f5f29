"""What happens in a meeting: the domain and its storage. Imports protocols, knows no HTTP."""
