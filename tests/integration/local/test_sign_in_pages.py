"""The issuer's pages, visited for an app that Cognito would refuse, and for one that it accepts.

What Cognito does is cited in `tests/local/issuer`.
"""

from urllib.parse import urlencode, urlsplit

import pytest

from tests.integration.local.visitor import PAGE, PHONE, URL, Visitor, answered, asked
from tests.local.issuer.authorization import NEXT_PERSON
from tests.local.issuer.grants import SESSION_S


def test_a_person_is_sent_to_the_sign_in_page_and_back_with_a_code(visitor: Visitor) -> None:
    to_page = visitor.authorize(lang="id")
    assert answered(to_page, "/login")["state"] == ["abc"]
    page = visitor.browser.get(to_page.headers["Location"])
    assert (page.status_code, 'lang="id"' in page.text) == (200, True)

    answer = visitor.browser.post(
        to_page.headers["Location"], data={"username": "sri@pelamar.example"}
    )
    returned = answered(answer)
    assert set(returned) == {"code", "state"}
    assert returned["state"] == ["abc"]


def test_the_person_that_the_developers_page_chose_is_not_asked_and_only_once(
    visitor: Visitor,
) -> None:
    for chosen in ("sri@pelamar.example", "budi@pelamar.example"):
        visitor.browser.set_cookie(NEXT_PERSON, chosen)
        (code,) = answered(visitor.authorize())["code"]
        _, tokens = visitor.exchange(code)
        assert visitor.claims(tokens["id_token"])["email"] == chosen
        assert visitor.browser.get_cookie(NEXT_PERSON) is None
    assert answered(visitor.authorize(prompt="login"), "/login")


def test_a_phone_returns_to_its_own_scheme(visitor: Visitor) -> None:
    query = urlencode(asked({"redirect_uri": PHONE}))
    answer = visitor.browser.post(f"/login?{query}", data={"username": "sri"})
    (code,) = answered(answer, PHONE)["code"]
    assert visitor.exchange(code, redirect_uri=PHONE)[0] == 200


@pytest.mark.parametrize(
    "changes",
    [
        {"redirect_uri": "https://evil.example/"},
        {"redirect_uri": "https://pages.example"},
        {"redirect_uri": "https://pages.example/?x=1"},
        {"redirect_uri": None},
        {"client_id": "nobody"},
        {"client_id": None},
    ],
)
def test_an_address_or_a_client_that_is_not_registered_redirects_nobody(
    visitor: Visitor, changes: dict[str, str | None]
) -> None:
    for answer in (
        visitor.authorize(**changes),
        visitor.browser.post("/login?" + urlencode(asked(changes)), data={"username": "sri"}),
    ):
        assert answered(answer, "/error")
        assert visitor.browser.get(answer.headers["Location"]).status_code == 400


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"response_type": None}, "invalid_request"),
        ({"response_type": "token"}, "unauthorized_client"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge_method": None}, "invalid_request"),
        ({"code_challenge": None}, "invalid_request"),
        ({"scope": "openid shop/manage"}, "invalid_scope"),
        ({"scope": "email shop/buy"}, "invalid_scope"),
        ({"prompt": "none"}, "login_required"),
    ],
)
def test_other_faults_are_told_to_the_app_with_its_state(
    visitor: Visitor, changes: dict[str, str | None], error: str
) -> None:
    answer = visitor.authorize(**changes)
    assert answered(answer) == {"error": [error], "state": ["abc"]}


def test_a_client_of_machines_signs_nobody_in(visitor: Visitor) -> None:
    answer = visitor.authorize(client_id="machine")
    assert answered(answer)["error"] == ["unauthorized_client"]
    secret = {"client_id": "machine", "client_secret": "s3cret"}
    for form in (
        {"grant_type": "authorization_code", "code": "x"},
        {"grant_type": "refresh_token"},
    ):
        assert visitor.ask("/oauth2/token", {**secret, **form}) == (
            400,
            {"error": "unauthorized_client"},
        )


def test_a_client_without_a_style_has_no_pages(visitor: Visitor) -> None:
    answer = visitor.browser.get("/login?" + urlencode(asked({"client_id": "unstyled"})))
    assert answered(answer, "/error")["error"] == ["Login pages unavailable"]


def test_a_browser_that_signed_in_within_the_hour_is_not_asked_again(visitor: Visitor) -> None:
    visitor.sign_in()
    visitor.time.now += SESSION_S - 1
    assert "code" in answered(visitor.authorize(prompt="none"))
    assert answered(visitor.authorize(prompt="login"), "/login")
    visitor.time.now += 1
    assert answered(visitor.authorize(), "/login")


def test_after_log_out_the_browser_is_asked_again(visitor: Visitor) -> None:
    visitor.sign_in()
    log_out = {"client_id": "app", "logout_uri": PAGE}
    assert answered(visitor.browser.get("/logout?" + urlencode(log_out))) == {}
    assert answered(visitor.authorize(), "/login")


@pytest.mark.parametrize(
    "log_out",
    [
        {"client_id": "app", "logout_uri": "https://evil.example/"},
        {"client_id": "app", "logout_uri": PHONE},
        {"client_id": "app", "post_logout_redirect_uri": PAGE},
        {"client_id": "app", "redirect_uri": "https://evil.example/"},
        {"logout_uri": PAGE},
    ],
)
def test_a_log_out_to_an_unknown_address_goes_nowhere_and_still_logs_out(
    visitor: Visitor, log_out: dict[str, str]
) -> None:
    visitor.sign_in()
    assert answered(visitor.browser.get("/logout?" + urlencode(log_out)), "/error")
    assert answered(visitor.authorize(), "/login")


def test_a_log_out_may_lead_to_the_next_sign_in(visitor: Visitor) -> None:
    visitor.sign_in()
    answer = visitor.browser.get("/logout?" + urlencode(asked({})))
    assert answered(answer, "/login")["state"] == ["abc"]


def test_scripts_of_pages_may_call_the_endpoints_for_programs_alone(visitor: Visitor) -> None:
    allowed = "Access-Control-Allow-Origin"
    for path in ("/oauth2/token", "/oauth2/revoke", "/oauth2/userInfo"):
        answer = visitor.browser.options(path)
        assert (answer.status_code, answer.headers[allowed]) == (204, "*")
    for path in ("/oauth2/authorize", "/login", "/logout"):
        assert allowed not in visitor.browser.get(path).headers


def test_the_description_names_every_endpoint(visitor: Visitor) -> None:
    said = visitor.browser.get("/.well-known/openid-configuration").json
    assert said is not None
    assert said["issuer"] == URL
    for name, address in said.items():
        if name.endswith(("_endpoint", "_uri")):
            method = "POST" if name in {"token_endpoint", "revocation_endpoint"} else "GET"
            path = urlsplit(address).path
            assert visitor.browser.open(path, method=method).status_code not in {404, 405}


def test_the_page_lists_people_and_takes_any_other_address(visitor: Visitor) -> None:
    query = urlencode(asked({"lang": "id", "login_hint": '"><b>x'}))
    page = visitor.browser.get(f"/login?{query}").text
    assert "budi@pelamar.example" in page
    assert "Alamat surel lain" in page
    assert "<b>x" not in page
    # The language is remembered, until another is asked for.
    assert 'lang="id"' in visitor.browser.get("/login?" + urlencode(asked({}))).text
    english = visitor.browser.get("/login?" + urlencode(asked({"lang": "en"}))).text
    assert "Another e-mail address" in english
