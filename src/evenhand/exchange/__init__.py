"""Files in and out, a folder per format."""
