"""The overview: what is needed, what was promised, what arrived, who is worst served."""
