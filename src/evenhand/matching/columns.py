"""What may be known of a person, declared once as data: the columns of the table that is matched.

Called by `preparing`, by the command that reads a file, and by the documentation. Holds no behaviour and knows nothing
of the people register: a register hands over a table with these columns, and gets record ids back.
"""

from __future__ import annotations

from evenhand.supply.columns import Column, Table

PERSONS = Table(
    "persons",
    "one record of a person; the same person may stand in several",
    (
        Column("record", "key", "Id of the record, unique in the table.", required=True),
        Column("given_name", "text", "Given names, in any script."),
        Column("family_name", "text", "Family name, or the last of a chain of names, in any script."),
        Column(
            "full_name", "text", "The whole name where it is not kept in parts: family name last, or before a comma."
        ),
        Column("father_name", "text", "The father's given name."),
        Column("mother_name", "text", "The mother's given name."),
        Column("sex", "text", "Any word for it (f, female, male); compared as written, by its first letter."),
        Column("birth_date", "text", "Day of birth: 1990-03-02, 19900302, 02/03/1990 (day first), 1990-03 or 1990."),
        Column("birth_year", "text", "Year of birth, where no more is held."),
        Column("birth_month", "text", "Month of birth, 1 to 12."),
        Column("birth_day", "text", "Day of the month of birth."),
        Column("place", "text", "Town, camp, village or district."),
        Column("address", "text", "Street and number, block and tent."),
        Column("postcode", "text", "Postcode or p-code."),
        Column("region", "text", "Province or state of a country."),
        Column("phone", "text", "Telephone number in any notation."),
        Column("email", "text", "E-mail address."),
        Column("document", "text", "Opaque reference of a paper (a number, never a copy)."),
        Column("household", "text", "Key of the household that the record belongs to."),
        Column("language", "text", "Language spoken; shown to who decides, and not compared."),
    ),
)

NAMES = tuple(column.name for column in PERSONS.columns)
COMPARED = tuple(name for name in NAMES if name not in ("record", "language"))

ALSO = {
    "id": "record", "unique_id": "record", "record_id": "record", "person_id": "record",
    "first_name": "given_name", "forename": "given_name", "given_names": "given_name",
    "surname": "family_name", "last_name": "family_name", "name": "full_name",
    "gender": "sex", "dob": "birth_date", "date_of_birth": "birth_date", "birthdate": "birth_date", "yob": "birth_year",
    "city": "place", "town": "place", "village": "place", "camp": "place", "suburb": "place", "zip": "postcode",
    "state": "region", "province": "region", "mobile": "phone", "telephone": "phone", "phone_number": "phone",
    "e_mail": "email", "household_id": "household", "father": "father_name", "mother": "mother_name",
}  # fmt: skip
"""Headings that other registers write for these columns; taken where the column's own name is not in the table."""
