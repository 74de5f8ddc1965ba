"""Pages of promises: what was promised beside what was delivered."""
