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

    users("set-password", EMAIL, "--password-stdin", input=f"{PASSWORD}\n")
    users("activate", EMAIL)
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


# Refusals of what a schema can express. Input that the contract allows must never meet one, or generated clients would
# send what the server does not take.
# A query parameter that the contract does not name is refused, which OpenAPI has no word for.
EXPRESSIBLE = {"unknown_field", "invalid_json", "invalid_limit"}


@schemathesis.check
def refusals_are_in_the_contract(context, response, case):
    if case.meta is None or not case.meta.generation.mode.is_positive:
        return
    if "problem+json" not in "".join(response.headers.get("content-type", [])):
        return
    code = response.json().get("code")
    assert code not in EXPRESSIBLE, f"Refused with {code}, although the contract allows it: tighten the schema"
