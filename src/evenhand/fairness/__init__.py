"""What counts as being equally served (rules), and how equal a plan is (measures)."""
