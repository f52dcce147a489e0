from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lk_graphql.kit import signing
from lk_graphql.kit.ids import new_key
from lk_graphql.kit.signing import KeyMissing, Signer

KEY = UUID("019254a1-7f3b-7c4d-9e5f-6a7b8c9d0e1f")
NONCE = b"n" * 32
SIGNER = Signer(b"k" * 32)


def test_bearer_tokens_are_long_and_never_the_same():
    issued = {signing.new_token() for _ in range(1000)}

    assert len(issued) == 1000
    assert {len(token) for token in issued} == {43}  # 256 bits in base64


def test_a_token_is_stored_as_its_sha256():
    assert signing.hash_token("abc").hex() == (
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    )


def test_a_link_leads_back_to_its_row_and_nowhere_else():
    token = SIGNER.sign("activation", KEY, NONCE)

    assert signing.key_of_token(token) == KEY
    assert SIGNER.verify(token, "activation", KEY, NONCE)
    assert not SIGNER.verify(token, "password-reset", KEY, NONCE)
    assert not SIGNER.verify(token, "activation", new_key(), NONCE)
    assert not SIGNER.verify(token, "activation", KEY, b"m" * 32)
    assert not Signer(b"l" * 32).verify(token, "activation", KEY, NONCE)


@pytest.mark.parametrize(
    "pasted",
    ["{} ", "\n{}\r\n", "<{}>", "«{}».", "{}\u200b", "\ufeff{}", "\u202a{}\u202c", "\u00a0{}"],
)
def test_a_link_is_read_as_mail_programs_leave_it(pasted: str):
    token = SIGNER.sign("activation", KEY, NONCE)
    for whole in (token, f"{token[:30]}\r\n {token[30:]}"):
        assert signing.key_of_token(pasted.format(whole)) == KEY
        assert SIGNER.verify(pasted.format(whole), "activation", KEY, NONCE)


@given(st.integers(0, 63), st.sampled_from("Aa0-_"))
def test_a_link_with_one_character_changed_is_not_genuine(position: int, character: str):
    token = SIGNER.sign("activation", KEY, NONCE)
    forged = token[:position] + character + token[position + 1 :]

    assert SIGNER.verify(forged, "activation", KEY, NONCE) is (forged == token)


@given(st.text(max_size=70) | st.text("\ud800\udfff", min_size=64, max_size=64))
def test_garbage_has_no_row_or_is_not_genuine(garbage: str):
    signing.key_of_token(garbage)

    assert not SIGNER.verify(garbage, "activation", KEY, NONCE)
    assert len(signing.hash_token(garbage)) == 32


@given(st.uuids(), st.binary(min_size=16, max_size=32))
def test_codes_have_their_digits_and_bear_spaces(key: UUID, nonce: bytes):
    code = SIGNER.sign_code("phone", key, nonce)

    assert len(code) == 6
    assert code.isdecimal()
    assert SIGNER.verify_code(f"{code[:3]} {code[3:]}", "phone", key, nonce)
    assert not SIGNER.verify_code(code[:-1], "phone", key, nonce)
    assert not SIGNER.verify_code("", "phone", key, nonce)


@given(st.text(max_size=40), st.text(max_size=40))
def test_a_fingerprint_stands_for_one_text_of_one_purpose(first: str, second: str):
    fingerprint = SIGNER.fingerprint("email", first)

    assert (fingerprint == SIGNER.fingerprint("email", second)) is (first == second)
    assert fingerprint != SIGNER.fingerprint("phone", first)
    assert fingerprint != Signer(b"l" * 32).fingerprint("email", first)


def test_a_short_secret_is_refused_and_never_printed():
    assert "k" * 8 not in repr(SIGNER)
    with pytest.raises(ValueError, match="32 bytes"):
        Signer(b"short")


OLD, NEW = b"o" * 32, b"n" * 32
BEFORE, AFTER, LATER = Signer(OLD), Signer(NEW, (OLD,)), Signer(NEW)


def test_a_signature_of_an_earlier_key_is_valid_while_the_key_is_accepted():
    token = BEFORE.sign("activation", KEY, NONCE)
    code = BEFORE.sign_code("phone", KEY, NONCE)

    assert AFTER.verify(token, "activation", KEY, NONCE)
    assert AFTER.verify_code(code, "phone", KEY, NONCE)
    assert not LATER.verify(token, "activation", KEY, NONCE)
    assert not LATER.verify_code(code, "phone", KEY, NONCE)


def test_the_newest_key_signs():
    assert AFTER.sign("activation", KEY, NONCE) == LATER.sign("activation", KEY, NONCE)
    assert AFTER.sign_code("phone", KEY, NONCE) == LATER.sign_code("phone", KEY, NONCE)
    assert AFTER.fingerprint("email", "a") == LATER.fingerprint("email", "a")
    assert AFTER.fingerprints("email", "a") == [
        LATER.fingerprint("email", "a"),
        BEFORE.fingerprint("email", "a"),
    ]


def test_a_stored_secret_outlives_its_key_by_being_encrypted_anew():
    encrypted = BEFORE.encrypt("factor", b"secret")

    renewed = AFTER.reencrypt("factor", encrypted)

    assert (AFTER.decrypt("factor", encrypted), LATER.decrypt("factor", renewed)) == (
        b"secret",
        b"secret",
    )
    for signer, text, purpose in (
        (LATER, encrypted, "factor"),
        (BEFORE, renewed, "factor"),
        (LATER, renewed, "other"),
        (LATER, renewed[:-1], "factor"),
        (LATER, b"", "factor"),
    ):
        with pytest.raises(KeyMissing):
            signer.decrypt(purpose, text)


def test_secrets_have_keys_of_their_own_which_sign_nothing():
    """Those of before, encrypted under the signing key, can still be read."""
    own = Signer(NEW, encryption_keys=(OLD,))

    encrypted = own.encrypt("factor", b"secret")

    assert own.decrypt("factor", LATER.encrypt("factor", b"old")) == b"old"
    assert own.sign("activation", KEY, NONCE) == LATER.sign("activation", KEY, NONCE)
    assert not own.verify(BEFORE.sign("activation", KEY, NONCE), "activation", KEY, NONCE)
    with pytest.raises(KeyMissing):
        LATER.decrypt("factor", encrypted)
