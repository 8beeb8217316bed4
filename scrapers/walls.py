"""Pages that come with status 200 and are not what was asked for: a login form, a challenge to prove one is human."""

import re
from urllib.parse import urlsplit

_TITLE = re.compile(r"<title[^>]{0,200}>(.{0,300}?)</title", re.IGNORECASE | re.DOTALL)
_LOGIN_TITLE = re.compile(
    r"\b(?:log|sign)[\s-]?in\b|\bmember login\b|\bauthentication required\b", re.IGNORECASE
)
_LOGIN_PATH = re.compile(r"/(?:log|sign)[-_]?in(?:\b|_)|/(?:sso|oauth2?|saml2?|auth)(?:/|$)", re.IGNORECASE)
_PASSWORD = re.compile(r"""<input[^>]{0,500}type\s*=\s*["']?password""", re.IGNORECASE)
_CHALLENGE_TITLE = re.compile(
    r"just a moment|attention required|access (?:to this page has been )?denied|security check|"
    r"pardon our interruption|are you (?:a )?(?:human|robot)|human verification|verify(?:ing)? you|"
    r"ddos protection|checking your browser|request unsuccessful|one more step|you have been blocked",
    re.IGNORECASE,
)
_CHALLENGE_MARK = re.compile(
    r"_cf_chl_opt|cf-chl-|_Incapsula_Resource|px-captcha|captcha-delivery\.com|sucuri_cloudproxy|"
    r"enable javascript and cookies to continue|"
    r"checking (?:if the site connection is secure|your browser before)",
    re.IGNORECASE,
)
_CAPTCHA = re.compile(
    r"g-recaptcha|h-captcha|hcaptcha\.com|turnstile|recaptcha/api|awswaf|challenge-platform", re.IGNORECASE
)
_REACH = 200_000
"""Characters of a page that are searched: a wall is small and says at once what it is."""


def wall(text: str, asked: str, came_from: str) -> str:
    """Return what a page is in place of what was asked for, such as `a login page`; empty where it may be it."""
    start = text[:_REACH]
    title = (_TITLE.search(start) or ("", ""))[1]
    if _CHALLENGE_TITLE.search(title) or _CHALLENGE_MARK.search(start):
        return "a page that asks to prove one is human"
    if _LOGIN_TITLE.search(title) and _PASSWORD.search(start):
        return "a login page"
    if urlsplit(asked).path != urlsplit(came_from).path and _LOGIN_PATH.search(urlsplit(came_from).path):
        return "a login page"
    return ""


def perhaps_a_wall(text: str) -> str:
    """Return what a page that gave no rows may be; a real page may have such a form at its edge."""
    start = text[:_REACH]
    if _PASSWORD.search(start):
        return "a login page"
    return "a page that asks to prove one is human" if _CAPTCHA.search(start) else ""
