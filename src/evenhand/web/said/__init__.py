"""Pages of what was said: statements, meetings, people in office, documents, and the page where anybody tries a text."""
