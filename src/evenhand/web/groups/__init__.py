"""Groups: who belongs to each and holds its offices, on any day of its history."""
