"""Processes learn of newer keys by themselves, none seals with an older one, and check-setup says which keys are still needed."""

from __future__ import annotations

import dataclasses
import os
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from evenhand_register import DATABASES, Register, nothing_changes

from evenhand.actions.people.cards import replace_card
from evenhand.actions.people.households import correct_record, erase_record
from evenhand.actions.people.rekeying import rekey_register
from evenhand.errors import ActionRefused, BoxRefused, OptionRefused
from evenhand.lookups.people import installed
from evenhand.lookups.people.households import read_household
from evenhand.people import opening
from evenhand.people.keyring import Keyring, new_keyring, read_keyring
from evenhand.people.models import KeyEpoch
from evenhand.people.sealing import Sealer

Write = Callable[[Keyring], None]


@pytest.fixture
def write(settings: Any) -> Write:
    """Write a keyring into the keys' file, as another process would."""

    def writing(keys: Keyring) -> None:
        file = settings.EVENHAND.people_keys_file
        before = file.stat().st_mtime_ns
        file.write_text(keys.text(), encoding="ascii")
        os.utime(file, ns=(before + 1_000_000, before + 1_000_000))

    return writing


@pytest.fixture
def service(settings: Any, tmp_path: Path) -> Path:
    """Let the keys come from a program that prints a file, and counts how often it was asked."""
    file, asked = tmp_path / "printed", tmp_path / "asked"
    file.write_text(new_keyring().text(), encoding="ascii")
    program = tmp_path / "service"
    program.write_text(f"#!/bin/sh\necho x >> '{asked}'\ncat '{file}'\n", encoding="ascii")
    program.chmod(0o700)
    values = {**settings.EVENHAND.values, "people_keys": f"run:{program}"}
    settings.EVENHAND = dataclasses.replace(settings.EVENHAND, values=values)
    return file


def times_asked(service: Path) -> int:
    return len((service.parent / "asked").read_text(encoding="ascii").split())


def after(seconds: float, monkeypatch: pytest.MonkeyPatch) -> None:
    now = opening.monotonic()
    monkeypatch.setattr(opening, "monotonic", lambda: now + seconds)


def test_a_program_is_asked_again_every_minute_and_no_sooner(service: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = opening.sealer()
    service.write_text(first.keys.with_new_seal().text(), encoding="ascii")
    assert opening.sealer() is first
    after(opening.ASKED_EVERY - 5, monkeypatch)
    assert (opening.sealer().keys.seals, times_asked(service)) == ("1", 1)
    after(10, monkeypatch)
    assert (opening.sealer().keys.seals, times_asked(service)) == ("2", 2)


def test_a_program_is_asked_again_at_once_for_a_key_that_is_missing(service: Path) -> None:
    older = opening.sealer()
    newer = older.keys.with_new_seal()
    service.write_text(newer.text(), encoding="ascii")
    box = Sealer(newer).seal("PN-1", "note", "x")
    assert (older.open("PN-1", "note", box), times_asked(service)) == ("x", 2)
    assert opening.sealer().keys == newer


def test_a_key_that_is_nowhere_does_not_keep_the_program_busy(service: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lock = opening.sealer()
    stray = Sealer(Keyring({"9": secrets.token_bytes(32)}, lock.keys.index, lock.keys.card)).seal("PN-1", "note", "x")
    for _ in range(20):
        with pytest.raises(BoxRefused, match=r"seal\.9, which is not in the keyring"):
            lock.open("PN-1", "note", stray)
    assert times_asked(service) == 2
    after(opening.PAUSE + 1, monkeypatch)
    with pytest.raises(BoxRefused):
        lock.open("PN-1", "note", stray)
    assert times_asked(service) == 3


def test_a_program_that_gives_nothing_for_once_stops_nobody(service: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lock = opening.sealer()
    service.write_text("sorry", encoding="ascii")
    after(opening.ASKED_EVERY + 1, monkeypatch)
    assert opening.sealer() is lock
    monkeypatch.setattr(opening, "_held", None)  # a process that has just begun
    with pytest.raises(OptionRefused):
        opening.sealer()


@pytest.mark.django_db(databases=DATABASES)
def test_nobody_seals_with_an_older_key_than_another_process_did(
    register: Register, settings: Any, write: Write
) -> None:
    done = register.household()
    first = read_keyring("", settings.EVENHAND.people_keys_file)
    second = first.with_new_seal()
    write(second)
    register.household()  # with the new key, before everything was sealed anew
    write(first)
    register.household()
    write(second)
    rekey_register(register("operator"))
    assert [one.seal for one in KeyEpoch.objects.all()] == ["2"]
    write(first)
    for act in (
        lambda: register.household(),
        lambda: replace_card(register(), household=done.ref),
        lambda: erase_record(register(), record=done.ref),
    ):
        with nothing_changes(ActionRefused, "another process sealed with seal.2 already"):
            act()
    with nothing_changes(BoxRefused, "seal.2, which is not in the keyring"):
        correct_record(register(), record=done.facts["persons"][0], fields={"phone": "66 00 00 00"})
    newest = Keyring({**second.with_new_seal().seal}, second.index, second.card)
    write(newest)
    register.household()
    rekey_register(register("operator"))
    write(Keyring({"3": newest.seal["3"]}, newest.index, newest.card))
    rekey_register(register("operator"))
    assert [one.seal for one in KeyEpoch.objects.order_by("pk")] == ["2", "3"]
    assert read_household(register.cast.viewers["registrar-tcd"], done.ref, "food").persons


def said(settings: Any) -> list[tuple[str, str]]:
    return [(one.level, one.what) for one in installed.look_at_keys(settings.EVENHAND)][2:]


@pytest.mark.django_db(databases=DATABASES)
def test_check_setup_says_which_keys_are_needed(register: Register, settings: Any, write: Write) -> None:
    done = register.household()
    correct_record(register(), record=done.facts["persons"][0], fields={"phone": "66 00 00 00"})
    first = read_keyring("", settings.EVENHAND.people_keys_file)
    ((level, what),) = said(settings)
    assert (level, what.startswith("fields of the people register by key: seal.1 sealed ")) == ("ok", True)
    write(first.with_new_seal())
    register.household()
    ((level, what),) = said(settings)
    assert (level, "still needed: seal.1;" in what, "seal.2 sealed" in what) == ("warning", True, True)
    assert installed.count_boxes(3)[1] == 3
    second = read_keyring("", settings.EVENHAND.people_keys_file)
    rekey_register(register("operator"))
    ((level, what),) = said(settings)
    assert (level, "for older backups alone: seal.1;" in what) == ("ok", True)
    write(Keyring({"2": second.seal["2"]}, second.index, second.card))
    ((level, what),) = said(settings)
    assert (level, "seal.1" in what) == ("ok", False)


@pytest.mark.django_db(databases=DATABASES)
def test_check_setup_finds_boxes_of_a_key_that_is_gone(register: Register, settings: Any, write: Write) -> None:
    register.household()
    first = read_keyring("", settings.EVENHAND.people_keys_file)
    write(first.with_new_seal())
    register.household()
    second = read_keyring("", settings.EVENHAND.people_keys_file)
    write(Keyring({"2": second.seal["2"]}, second.index, second.card))
    assert [one.level for one in installed.look_at_keys(settings.EVENHAND)][-1] == "unsafe"
    assert "needs seal.1, not among its keys" in said(settings)[-1][1]
    write(first)
    assert "needs seal.2, not among its keys" in said(settings)[-1][1]
