"""The portal under load: a large installation to measure on, and what the lookups and pages take there."""
