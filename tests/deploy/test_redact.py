import pytest

from neve.deploy.redact import is_secret, redact, remember

CANARY = "c4n4ry-s3cret"


@pytest.mark.parametrize(
    "text",
    [
        f"password = '{CANARY}'",
        f"PASSWORD={CANARY}",
        f'{{"token": "{CANARY}"}}',
        f"private_key_passphrase: {CANARY}",
        f"SECRET => '{CANARY}'",
        f'Authorization: Snowflake Token="{CANARY}"',
        f"Authorization: Bearer {CANARY}",
        f"-----BEGIN PRIVATE KEY-----\n{CANARY}\n-----END PRIVATE KEY-----",
        f"oauth_client_secret='{CANARY}'",
        f"private_key_file_pwd={CANARY}",
    ],
)
def test_what_looks_like_a_secret_is_masked(text):
    assert CANARY not in redact(text)
    assert "***" in redact(text)


def test_a_secret_in_use_is_masked_wherever_it_stands():
    remember(CANARY)
    assert redact(f"cannot log in at x with {CANARY}!") == "cannot log in at x with ***!"


def test_secrets_of_the_environment_are_masked(monkeypatch):
    monkeypatch.setenv("SNOWFLAKE_CONNECTIONS_PROD_PASSWORD", "fr0m-the-environment")
    assert "fr0m-the-environment" not in redact("login with fr0m-the-environment failed")


def test_where_a_secret_lies_is_none():
    assert is_secret("private_key_file_pwd")
    assert is_secret("SNOWFLAKE_TOKEN")
    assert not is_secret("token_file_path")
    assert not is_secret("private_key_file")
    assert not is_secret("oauth_token_request_url")


def test_plain_texts_stay_as_they_are():
    text = "SQL compilation error:\nsyntax error line 1 at position 5 unexpected 'GRANTS'."
    assert redact(text) == text
    assert redact("private_key_file = 'rsa.p8'") == "private_key_file = 'rsa.p8'"
