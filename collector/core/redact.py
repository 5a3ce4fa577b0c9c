"""
Secrets out of text and configs, before anything is stored, logged or shown.

What is taken out leaves a mark: "***", or "***:1a2b3c4d" where a key is given, a keyed hash by which two values can
be told apart without knowing either. Redacting twice changes nothing. When in doubt it is a secret: a value lost
to the reader costs less than a password on a screen.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from hashlib import blake2b

#: Stands where a secret was.
MASK = "***"

Mark = Callable[[str], str]


def redact_text(text: str, mark: Mark | None = None) -> str:
    """
    The text without what looks like a secret. Time grows with the length of the text, whatever it holds.

    Args:
        mark: secret → what to write in its place; MASK for all by default.
    """
    mark = _keep_marked(mark or _mask)
    text = _PEM.sub(lambda m: mark(m[0]), text)
    text = _redact_urls(text, mark)
    text = _HEADER.sub(lambda m: m[1] + mark(m[2]), text)
    text = _redact_pairs(text, mark)
    text = _SCHEME_AND_TOKEN.sub(lambda m: m[1] + mark(m[2]), text)
    return _KNOWN_SHAPES.sub(lambda m: mark(m[0]), text)


def keyed_mark(key: bytes) -> Mark:
    """A mark that changes with the secret and tells nothing of it to who does not have the key."""
    return lambda secret: (
        f"{MASK}:{blake2b(secret.encode('utf-8', 'replace'), key=key[:64], digest_size=4).hexdigest()}"
    )


def is_marked(text: str) -> bool:
    """Whether this is nothing but a mark."""
    return _MARKED.fullmatch(text) is not None


def is_secret_name(name: str) -> bool:
    """
    Whether a value under this name is to be hidden: "auth_passphrase", "X-Api-Key", "track.sessionId", "PGPASSWORD".
    """
    if not _MAYBE_SECRET.search(name):
        return False
    if _SECRET_PART.search(name):
        return True
    words = _WORD.findall(name)
    return any(word.lower() in _SECRET_WORDS or word.lower().endswith(("key", "keys")) for word in words)


#: Anywhere in a name, also glued to something else.
_SECRET_PART = re.compile(
    r"passw|passphrase|passcode|pass_?phrase|pwd|secret|token|credential|cookie|private|dsn", re.I
)
#: As a word of its own: "author" and "passenger" are none.
_SECRET_WORDS = frozenset(
    {"pass", "passes", "auth", "oauth", "oauth2", "authorization", "authentication", "signature", "sig", "salt", "pin"}
    | {"jwt", "bearer", "sid", "session", "sessionid", "cert", "certificate", "pem", "otp"}
)
#: Most names hold none of them, and a text may hold thousands of names.
_MAYBE_SECRET = re.compile("|".join(["key", _SECRET_PART.pattern, *sorted(_SECRET_WORDS)]), re.I)
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z0-9]+|[0-9]+")
#: hopeit's own names that end in "key" and name things of the graph.
_HARMLESS_NAMES = frozenset({"app_key", "client_app_key", "event_key"})
#: Words that stand before a colon in plain sentences: "no such key: 17". With "=" they count.
_PROSE_NAMES = frozenset({"key", "keys", "auth", "pass", "session", "signature", "authentication", "pin"})

_MARKED = re.compile(r"\*\*\*(?::[0-9a-f]{8})?")
_PEM = re.compile(r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY[A-Z ]{0,10}-----[\s\S]*?(?:-----END [A-Z0-9 ]{0,50}-----|\Z)")
_SCHEME_SIGN = re.compile(r"(?<![\w+.-])[A-Za-z][\w+.-]{0,40}+://")
_URL_END = re.compile(r"[\s\"'<>]|\Z")
# A name and the sign before a password, which is told from a port by not being one.
_USER = re.compile(r"[^\s/?#@:\"'<>]{0,256}+:(?!\d{1,5}[/?#])")
_AUTHORITY_END = re.compile(r"[\s/?#\"'<>]|\Z")
_HEADER = re.compile(
    r"((?<![A-Za-z0-9])(?:proxy-)?(?:authorization|(?:set-)?cookie)\\?[\"']?[ \t]{0,8}[:=][ \t]{0,8}(?:b?\\?[\"'])?)"
    r"([^\r\n\"']*[^\s\"'])",
    re.I,
)
_SCHEME = r"(?:[Bb]earer|BEARER|[Bb]asic|BASIC|[Dd]igest|[Nn]egotiate|[Tt]oken|[Aa]pi[Kk]ey)[ \t]{1,8}"
# "Basic authentication failed" is a sentence, "Basic dXNlcjpwdw==" is not: there is more in it than small letters.
_SCHEME_AND_TOKEN = re.compile(rf"(?<![A-Za-z0-9])({_SCHEME})((?=[a-z]*+[A-Z0-9+/=_~.-])[A-Za-z0-9+/=_~.-]{{6,}}+)")
_KNOWN_SHAPES = re.compile(
    r"(?<![A-Za-z0-9_-])(?:"
    r"eyJ[\w-]{6,}+(?:\.[\w-]*+){1,4}+"  # JWT
    r"|(?:A3T[A-Z0-9]|AKIA|ASIA|AGPA|AIDA|AROA|AIPA|ANPA|ANVA|ABIA|ACCA)[A-Z0-9]{16}"  # AWS
    r"|AIza[\w-]{35}|ya29\.[\w-]{20,}+|GOCSPX-[\w-]{20,}+"  # Google
    r"|gh[pousr]_[A-Za-z0-9]{30,}+|github_pat_\w{20,}+|glpat-[\w-]{16,}+"  # code hosts
    r"|xox[a-z]-[\w-]{10,}+|(?:sk|rk|pk)[-_](?:live|test|proj|ant)[-_][\w-]{10,}+"  # chat, payment, models
    r")"
)
_NAME_AND_SIGN = re.compile(r"(?<![\w.-])([\w.-]++)(\\?[\"'])?[ \t]{0,8}(:=|=>|[=:])[ \t]{0,8}")
_VALUE = re.compile(
    r"(b?\")((?:[^\"\\\n]|\\.)*+)|(b?')((?:[^'\\\n]|\\.)*+)|(\\[\"'])((?:[^\\\n]|\\(?![\"']))*+)"
    rf"|()((?:{_SCHEME})?[^\s&;]+)"
)
_MARKED_VALUE = re.compile(_MARKED.pattern + r"(?=[\s&;,\"'\\|)}\]]|\Z)")


def _mask(_secret: str) -> str:
    return MASK


def _keep_marked(mark: Mark) -> Mark:
    return lambda secret: secret if is_marked(secret) else mark(secret)


def _redact_urls(text: str, mark: Mark) -> str:
    """What stands before the @ of URLs. One pattern would look at every piece of "a://a://…" again and again."""
    out: list[str] = []
    place = end = last_at = 0
    for scheme in _SCHEME_SIGN.finditer(text) if "@" in text else ():
        begin = scheme.end()
        if begin < place:
            continue
        if begin > end:
            found = _URL_END.search(text, begin)
            end = found.start() if found else len(text)
            last_at = text.rfind("@", begin, end)
        if last_at <= begin:
            continue
        user = _USER.match(text, begin)
        at = last_at
        # A password goes up to the last @, for it may hold / and @ that should have been quoted and were not.
        if user is None or user.end() >= last_at:
            authority = _AUTHORITY_END.search(text, begin)
            at = text.rfind("@", begin, authority.start() if authority else end)
        if at > begin:
            out += (text[place:begin], mark(text[begin:at]))
            place = at
    return "".join(out) + text[place:]


def _redact_pairs(text: str, mark: Mark) -> str:
    out: list[str] = []
    place = 0
    for pair in _NAME_AND_SIGN.finditer(text):
        if pair.end() <= place or not _hides(pair):
            continue
        value = _VALUE.match(text, pair.end())
        if value is None or _MARKED_VALUE.match(text, pair.end()):
            continue
        quote, secret = next((value[i] or "", value[i + 1]) for i in (1, 3, 5, 7) if value[i + 1] is not None)
        if secret in ("", "None", "null"):
            continue
        out += (text[place : pair.end()], quote, mark(secret))
        place = value.end()
    return "".join(out) + text[place:]


def _hides(pair: re.Match[str]) -> bool:
    name = pair[1].rpartition(".")[2] or pair[1]
    if name in _HARMLESS_NAMES:
        return False
    if pair[3] == ":" and not pair[2] and (name.lower() in _PROSE_NAMES or name.endswith(("Error", "Exception"))):
        return False
    return is_secret_name(pair[1])
