"""How the world gets in: pages, JSON, websockets, sign-in, settings, command line. Imports meetings, protocols."""
