"""Open data: declared columns and rows out as CSV, XLSX, JSON or Parquet, and all of it as one package.

`write.stream_table` and `write.write_table` are the one writer; `package.write_package` puts many tables into one ZIP;
`tables.PUBLIC_TABLES` declares every public table. Called by pages, API, commands and `evenhand.lookups.open_data`.
"""
