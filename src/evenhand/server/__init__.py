"""The server: its settings, its addresses, its start. Nothing else lives here."""
