"""Django's SQLite backend with one write lock across processes; name it in ``ENGINE`` as ``evenhand.database.sqlite``."""
