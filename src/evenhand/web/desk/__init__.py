"""The desks: each role's own work first."""
