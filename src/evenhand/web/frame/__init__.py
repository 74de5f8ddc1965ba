"""What every page stands in: who asks, in which language, how it is kept, shown, paged and handed out as data.

Used by every folder of pages. Knows no subject.
"""
