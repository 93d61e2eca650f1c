"""A mail server for the tests: prints its port, writes what it takes into a folder, and ends when its standard input does.

    smtp_server.py FOLDER [--port PORT] [--tls starttls|implicit --certificate FILE --key FILE] [--require-tls]
                   [--login USER:PASSWORD] [--answer ADDRESS=REPLY ...] [--slow ADDRESS=SECONDS ...]

A mail becomes FOLDER/NUMBER.eml, complete when it has that name, with two lines before its own: over what it came
(X-Test-Tls) and as whom its sender had signed in (X-Test-Login).
"""

import argparse
import asyncio
import itertools
import logging
import pathlib
import ssl
import sys
import warnings

from aiosmtpd.smtp import SMTP, AuthResult


def pair(text):
    left, separator, right = text.partition("=")
    if not separator:
        raise argparse.ArgumentTypeError(f"{text} is not ADDRESS=VALUE")
    return left, right


def parse_arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--tls", choices=["starttls", "implicit"])
    parser.add_argument("--certificate")
    parser.add_argument("--key")
    parser.add_argument("--require-tls", action="store_true")
    parser.add_argument("--login")
    parser.add_argument("--answer", type=pair, action="append", default=[])
    parser.add_argument("--slow", type=pair, action="append", default=[])
    return parser.parse_args()


class Inbox:
    """What the server does with what it is told."""

    def __init__(self, folder, answers, delays):
        self.folder, self.answers, self.delays = folder, answers, delays
        self.numbers = itertools.count(1)

    async def handle_RCPT(self, server, session, envelope, address, options):
        # The file tells a test that a delivery has begun.
        (self.folder / f"{address}.offered").touch()
        if address in self.answers:
            return self.answers[address]
        envelope.rcpt_tos.append(address)
        return "250 accepted"

    async def handle_DATA(self, server, session, envelope):
        for address in envelope.rcpt_tos:
            await asyncio.sleep(float(self.delays.get(address, 0)))
        connection = server.transport.get_extra_info("ssl_object")
        tls = connection.version() if connection else "none"
        login = session.auth_data.login.decode() if session.authenticated else "nobody"
        name = f"{next(self.numbers):06}"
        draft = self.folder / f"{name}.draft"
        draft.write_bytes(f"X-Test-Tls: {tls}\r\nX-Test-Login: {login}\r\n".encode() + envelope.content)
        draft.rename(self.folder / f"{name}.eml")
        return f"250 taken as {name}"


def authenticator(login):
    def check(server, session, envelope, mechanism, data):
        given = f"{data.login.decode()}:{data.password.decode()}"
        return AuthResult(success=given == login, handled=False, auth_data=data)

    return check


async def serve(arguments):
    context = None
    if arguments.tls:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(arguments.certificate, arguments.key)
    inbox = Inbox(arguments.folder, dict(arguments.answer), dict(arguments.slow))

    def connection():
        return SMTP(
            inbox,
            hostname="mail.test",
            tls_context=context if arguments.tls == "starttls" else None,
            require_starttls=arguments.require_tls,
            authenticator=authenticator(arguments.login) if arguments.login else None,
            auth_required=bool(arguments.login),
            auth_require_tls=False,
        )

    loop = asyncio.get_running_loop()
    implicit = context if arguments.tls == "implicit" else None
    server = await loop.create_server(connection, "127.0.0.1", arguments.port, ssl=implicit, reuse_address=True)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    # That passwords may travel in the clear here is what some tests are about.
    warnings.simplefilter("ignore")
    # So are conversations that break off.
    logging.disable()
    asyncio.run(serve(parse_arguments()))
