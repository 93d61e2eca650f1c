"""The administrator on whose behalf schemathesis calls, and a check of our own.

The run may sign its own session out, change its own password or take its own role away: those are operations like any
other, and are to be tested. Schemathesis asks for a new token after a 401, and when signing in no longer works, the
command line gives the administrator back what the run took.
"""

import json
import os
import subprocess
import urllib.error
import urllib.request

import schemathesis
from hypothesis import strategies

URL = os.environ["REEVE_TEST_URL"]
EMAIL = os.environ["REEVE_BOOTSTRAP__EMAIL"]
PASSWORD = os.environ["REEVE_BOOTSTRAP__PASSWORD"]


def sign_in():
    request = urllib.request.Request(
        f"{URL}/api/v1/auth/login",
        data=json.dumps({"identifier": EMAIL, "password": PASSWORD}).encode(),
        headers={"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=20) as response:
        return json.load(response)["access_token"]


def restore():
    reeve = os.environ["REEVE_TEST_BIN"]

    def users(*arguments, **options):
        subprocess.run([reeve, "users", *arguments], check=True, capture_output=True, text=True, **options)

    try:
        users("show", EMAIL)
    except subprocess.CalledProcessError:
        # It deleted itself, as one may while there is another administrator.
        users("create", EMAIL, "--password-stdin", input=f"{PASSWORD}\n")
    users("set-password", EMAIL, "--password-stdin", input=f"{PASSWORD}\n")
    users("activate", EMAIL)
    users("unlock", EMAIL)
    users("add-role", EMAIL, "admin")


@schemathesis.auth(refresh_interval=240)
class Administrator:
    def get(self, case, context):
        try:
            return sign_in()
        except (urllib.error.HTTPError, KeyError):
            restore()
            return sign_in()

    def set(self, case, data, context):
        case.headers["Authorization"] = f"Bearer {data}"


# Files to import. A schema can only say that they are text: of random text hardly a line would be a row.
EMAILS = strategies.integers(0, 10**9).map(lambda number: f"contract-{number}@example.com")
CELLS = strategies.one_of(
    strategies.sampled_from(["", "true", "FALSE", "admin", "admin;nobody", '"', "'=1+1", "\0", "a\nb", "ann"]),
    strategies.text(max_size=20),
    EMAILS,
)
COLUMNS = ["email", "username", "display_name", "active", "roles"]
FITTING = {
    "email": EMAILS,
    "username": EMAILS.map(lambda email: email.split("@")[0]),
    "display_name": strategies.text("aÄ \"';=@,", max_size=9),
    "active": strategies.sampled_from(["true", "FALSE", ""]),
    "roles": strategies.sampled_from(["", "admin", "admin;"]),
}
ENDS = strategies.sampled_from(["\n", "\r\n", "\r", ""])


def plain(cell):
    return cell


def quoted(cell):
    return '"' + cell.replace('"', '""') + '"'


def unclosed(cell):
    return f'"{cell}'


# One fault refuses the whole file: most files are to have none.
WRITTEN = strategies.sampled_from([*[plain] * 8, *[quoted] * 8, unclosed])


@strategies.composite
def csv_file(draw):
    header = ["email", *draw(strategies.lists(strategies.sampled_from(COLUMNS[1:]), unique=True))]
    end = draw(ENDS)
    rows = strategies.tuples(*(strategies.one_of(FITTING[name], FITTING[name], CELLS) for name in header))
    lines = [header, *draw(strategies.lists(rows, max_size=4))]
    text = end.join(",".join(draw(WRITTEN)(cell) for cell in line) for line in lines)
    return (draw(strategies.sampled_from(["", "\ufeff"])) + text + draw(ENDS)).encode()


@strategies.composite
def ndjson_file(draw):
    value = strategies.one_of(CELLS, strategies.booleans(), strategies.none(), strategies.integers(), strategies.lists(CELLS, max_size=3))
    row = strategies.dictionaries(strategies.sampled_from(COLUMNS), value).map(json.dumps)
    lines = draw(strategies.lists(strategies.one_of(row, row, CELLS), max_size=4))
    return draw(ENDS).join(lines).encode()


@schemathesis.hook
def before_load_schema(context, raw_schema):
    """The examples of a file are sent as the strategies' files are: as bytes, not as a JSON text."""
    for operations in raw_schema["paths"].values():
        for operation in operations.values():
            for name, media in operation.get("requestBody", {}).get("content", {}).items():
                if name in FILES and "example" in media:
                    media["example"] = media["example"].encode()


FILES = {"text/csv": csv_file(), "application/x-ndjson": ndjson_file()}
for name, file in FILES.items():
    schemathesis.openapi.media_type(name, strategies.one_of(file, strategies.binary(max_size=100)))


# Refusals of what a schema can express. Input that the contract allows must never meet one, or generated clients would
# send what the server does not take.
# A query parameter that the contract does not name is refused, which OpenAPI has no word for.
EXPRESSIBLE = {"unknown_field", "invalid_json", "invalid_limit", "unsupported_media_type"}


@schemathesis.check
def refusals_are_in_the_contract(context, response, case):
    if case.meta is None or not case.meta.generation.mode.is_positive:
        return
    if "problem+json" not in "".join(response.headers.get("content-type", [])):
        return
    code = response.json().get("code")
    if code == "unsupported_media_type" and contradicts_itself(case):
        return
    assert code not in EXPRESSIBLE, f"Refused with {code}, although the contract allows it: tighten the schema"


def contradicts_itself(case):
    """Whether the query names one format and the content type another: no schema relates the two."""
    name = (case.query or {}).get("format")
    return name is not None and case.media_type is not None and name not in case.media_type
