"""The words of the trade as data: tables, columns, meanings, units."""
