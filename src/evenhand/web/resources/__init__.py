"""Resources: what can be needed or given, and the page of one: who needs it, who gives it, how it is counted."""
