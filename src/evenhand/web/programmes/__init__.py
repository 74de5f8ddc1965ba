"""Pages of programmes: what aid belongs together, from need to receipt."""
