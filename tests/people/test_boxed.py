"""Whatever table of the register holds boxes is sealed anew with the others, and counted."""

from __future__ import annotations

from django.apps import apps

from evenhand.people.boxed import HOLDERS, LONE


def test_no_table_with_boxes_is_forgotten() -> None:
    names = {
        model: {one.name for one in model._meta.get_fields()} for model in apps.get_app_config("people").get_models()
    }
    assert set(HOLDERS) == {model for model, fields in names.items() if "boxes" in fields}
    assert set(LONE) == {model for model, fields in names.items() if "box" in fields}
    assert all("record" in names[model] for model in LONE)
