import pytest
from django.test import Client
from evenhand_cast import cast
pytestmark=pytest.mark.django_db
def test_x(cast):
    for p in ("/en/needs","/health","/api/v1/needs","/assets/portal.css"):
        a=Client().get(p); print(str(a.headers))
        for c in a._resource_closers: c()
    assert 0
