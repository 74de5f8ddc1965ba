"""Notes, keys and checkpoints are those of C2SP and of Go's note package, byte for byte; everything else is refused."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_books import KEY, ORIGIN, OTHER_KEY

from evenhand.errors import CheckpointRefused
from evenhand.ledger.checkpoint import (
    Checkpoint,
    Signature,
    SigningKey,
    VerifierKey,
    add_signature,
    check_note,
    countersign,
    new_signing_key,
    parse_note,
    sign_checkpoint,
)

# The example keys of golang.org/x/mod/sumdb/note, and what they signed there.
PETER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
PETER_SECRET = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
ENOCH = "EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop"
TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
PETER_LINE = (
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM="
)
ENOCH_LINE = "— EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ="
# The example of C2SP's tlog-checkpoint.
BEHIND_THE_SOFA = """\
example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
"""
CHECKPOINT = Checkpoint(ORIGIN, 12, bytes(range(32)))


def test_the_keys_and_signatures_are_those_of_go() -> None:
    assert VerifierKey.read(PETER).text() == PETER
    assert SigningKey.read(PETER_SECRET).text() == PETER_SECRET
    assert SigningKey.read(PETER_SECRET).verifier == VerifierKey.read(PETER)
    assert SigningKey.read(PETER_SECRET).sign(TEXT).line() == PETER_LINE
    for key, line in ((PETER, PETER_LINE), (ENOCH, ENOCH_LINE)):
        assert VerifierKey.read(key).holds(TEXT, Signature.read(line).signature)
        assert not VerifierKey.read(key).holds(TEXT + "\n", Signature.read(line).signature)


def test_every_mangled_key_is_refused_as_go_refuses_it() -> None:
    for read, text in ((VerifierKey.read, PETER), (SigningKey.read, PETER_SECRET)):
        parts = {text[start:end] for start in range(len(text)) for end in range(start + 1, len(text) + 1)} - {text}
        changed = {text[:place] + chr(ord(text[place]) + 1) + text[place + 1 :] for place in range(len(text))}
        for wrong in sorted(changed) + sorted(parts)[:: 1 + len(parts) // 500]:
            with pytest.raises(CheckpointRefused) as refused:
                read(wrong)
            assert PETER_SECRET[-44:] not in str(refused.value)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==", "is not a key"),
        ("PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADK", "is not an Ed25519 key of 32 bytes"),
        ("PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", "is not an Ed25519 key of 32 bytes"),
    ],
)
def test_a_key_of_another_length_or_algorithm_is_refused(text: str, reason: str) -> None:
    with pytest.raises(CheckpointRefused, match=reason):
        VerifierKey.read(text)


def test_the_example_of_the_specification_reads_back_the_same() -> None:
    note = parse_note(BEHIND_THE_SOFA)
    assert note.checkpoint.origin == "example.com/behind-the-sofa"
    assert note.checkpoint.size == 20852163
    assert base64.b64encode(note.checkpoint.root) == b"CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I="
    assert note.text() == BEHIND_THE_SOFA
    assert check_note(note, [KEY.verifier]) == ()


def test_a_signed_checkpoint_is_three_lines_an_empty_one_and_a_signature() -> None:
    text = sign_checkpoint(CHECKPOINT, KEY)
    assert text.splitlines()[:4] == [ORIGIN, "12", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", ""]
    assert parse_note(text).checkpoint == CHECKPOINT
    assert check_note(parse_note(text), [OTHER_KEY.verifier, KEY.verifier]) == (ORIGIN,)


def test_a_witness_adds_a_line_and_asking_twice_adds_none() -> None:
    text = sign_checkpoint(CHECKPOINT, KEY)
    both = countersign(text, OTHER_KEY)
    assert both.startswith(text)
    assert countersign(both, OTHER_KEY) == both
    assert add_signature(text, both.splitlines()[-1]) == add_signature(text, both.splitlines()[-1] + "\n") == both
    keys = [KEY.verifier, OTHER_KEY.verifier]
    assert check_note(parse_note(both), keys) == (KEY.name, OTHER_KEY.name)


def test_another_signature_by_the_same_key_is_refused() -> None:
    other = OTHER_KEY.sign("something else\n").line()
    with pytest.raises(CheckpointRefused, match=r"another signature by the same key of 'ministry\.example/witness'"):
        add_signature(countersign(sign_checkpoint(CHECKPOINT, KEY), OTHER_KEY), other)


def test_a_changed_checkpoint_is_refused_by_whoever_knows_the_key_and_counts_for_nothing_otherwise() -> None:
    changed = sign_checkpoint(CHECKPOINT, KEY).replace("\n12\n", "\n13\n")
    with pytest.raises(CheckpointRefused, match=r"size 13\); it was changed after it was signed"):
        check_note(parse_note(changed), [KEY.verifier])
    assert check_note(parse_note(changed), [OTHER_KEY.verifier]) == ()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "no empty line parts"),
        (BEHIND_THE_SOFA.replace("\n\n", "\n"), "no empty line parts"),
        (BEHIND_THE_SOFA[:-1], "its last line does not end"),
        (BEHIND_THE_SOFA.replace("\n", "\r\n"), "no empty line parts"),
        (BEHIND_THE_SOFA.replace("sofa\n", "sofa\r\n", 1), "control character"),
        (BEHIND_THE_SOFA.replace("20852163", "020852163"), "its size is '020852163'"),
        (BEHIND_THE_SOFA.replace("20852163", "-1"), "its size is '-1'"),
        (BEHIND_THE_SOFA.replace("q2I=", "q2J="), "its root is"),
        (BEHIND_THE_SOFA.replace("CsUY", ""), "its root is"),
        (BEHIND_THE_SOFA.replace("20852163\n", ""), "three lines"),
        (BEHIND_THE_SOFA.replace("— ", "- "), "is not a signature line"),
        (BEHIND_THE_SOFA.replace("sofa Az3g", "so+fa Az3g"), "is not a signature line"),
        (BEHIND_THE_SOFA.replace("YQ8=", "YQ9="), "is not a signature line"),
        (BEHIND_THE_SOFA + "one more\n", "is not a signature line"),
        (BEHIND_THE_SOFA + BEHIND_THE_SOFA.splitlines()[-1].join(["", "\n"]) * 100, "101 signatures"),
        ("x" * 1_000_001, "has 1,000,001 characters"),
    ],
)
def test_what_is_not_a_signed_checkpoint_gets_its_reason(text: str, reason: str) -> None:
    with pytest.raises(CheckpointRefused, match=reason):
        parse_note(text)


@pytest.mark.parametrize(
    "checkpoint",
    [
        Checkpoint("", 1, bytes(32)),
        Checkpoint("a\nb", 1, bytes(32)),
        Checkpoint("a", -1, bytes(32)),
        Checkpoint("a", 1, b""),
    ],
)
def test_a_checkpoint_that_could_not_be_read_back_is_never_signed(checkpoint: Checkpoint) -> None:
    with pytest.raises(CheckpointRefused):
        sign_checkpoint(checkpoint, KEY)


@pytest.mark.parametrize("name", ["", "two words", "a+b", "line\nend", "wide\u2003space"])
def test_a_name_with_a_space_or_a_plus_is_refused(name: str) -> None:
    with pytest.raises(CheckpointRefused, match="may hold neither a space nor a plus"):
        new_signing_key(name)


def test_two_new_keys_differ_and_none_shows_its_seed_when_printed() -> None:
    one, other = new_signing_key("a"), new_signing_key("a")
    assert one.seed != other.seed
    assert repr(one) == "SigningKey(name='a')"
    assert SigningKey.read(one.text()) == one


@settings(max_examples=50)
@given(
    st.binary(min_size=32, max_size=32), st.integers(0, 10**17), st.text("abcé/.", min_size=1), st.binary(max_size=40)
)
def test_what_is_signed_reads_back_and_holds(root: bytes, size: int, origin: str, junk: bytes) -> None:
    text = sign_checkpoint(Checkpoint(origin, size, root, ("more",)), KEY)
    note = parse_note(text)
    assert (note.text(), note.checkpoint) == (text, Checkpoint(origin, size, root, ("more",)))
    assert check_note(note, [KEY.verifier]) == (KEY.name,)
    assert not KEY.verifier.holds(text, junk)
