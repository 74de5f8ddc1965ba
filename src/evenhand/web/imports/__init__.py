"""Spreadsheets sent in: a template to fill, a file to send, a preview of what it would do, and doing exactly that."""
