"""`tenir read`: how Tenir reads one mail, so that anybody can judge the reader on their own mails."""

import argparse
import json
import sys

from tenir.install.tongue import say


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="tenir read",
        description=say(
            "Read one raw mail on standard input and print as JSON what was understood. Nothing is stored.",
            "Lire un courriel brut sur l'entrée standard et imprimer en JSON ce qui est compris. Rien n'est gardé.",
        ),
    )
    parser.parse_args(arguments)
    from tenir.channels.email.parse import as_json, read

    print(json.dumps(as_json(read(sys.stdin.buffer.read())), ensure_ascii=False, indent=2))
    return 0
