"""Checks that every text key that is used exists in every language, says something, and keeps its placeholders.

Run as `python -m app.texts_check`; prints each fault, and exits 1 when there is one.
"""

import re
import sys
from pathlib import Path

from app.texts import FIRST_LANGUAGE, LANGUAGES, LOCALES, texts

_ROOT = LOCALES.parent.parent
_SOURCES = ("frontend/templates/**/*.html", "frontend/src/**/*.js", "app/**/*.py")
_USED = re.compile(r"""(?<![\w.$])(?:t|say)\(\s*(?:language,\s*|self\.language,\s*)?["']([a-z_]+\.[a-z0-9_]+)["']""")
_PLACEHOLDER = re.compile(r"\{(\w+)\}")


def faults() -> list[str]:
    """Return every fault as a sentence."""
    found = []
    first = texts(FIRST_LANGUAGE)
    for language in LANGUAGES:
        words = texts(language)
        found += [
            f"{language}: {key} is missing; add it in frontend/locales/{language}."
            for key in first.keys() - words.keys()
        ]
        found += [f"{language}: {key} is not there in {FIRST_LANGUAGE}." for key in words.keys() - first.keys()]
        found += [f"{language}: {key} is empty." for key, text in words.items() if not text.strip()]
        found += [
            f"{language}: {key} has other placeholders than in {FIRST_LANGUAGE}."
            for key in first.keys() & words.keys()
            if set(_PLACEHOLDER.findall(first[key])) != set(_PLACEHOLDER.findall(words[key]))
        ]
    for path, key in used_keys():
        built = key.endswith("_") and any(known.startswith(key) for known in first)
        if key not in first and not built:
            found.append(f"{path}: uses {key}, which no catalogue has.")
    return sorted(found)


def used_keys() -> list[tuple[Path, str]]:
    """Return every key that is written out in a template, script or module, with its file."""
    files = (file for pattern in _SOURCES for file in sorted(_ROOT.glob(pattern)))
    return [(file.relative_to(_ROOT), key) for file in files for key in _USED.findall(file.read_text())]


def main() -> int:
    """Print the faults."""
    found = faults()
    for fault in found:
        print(fault)
    print(f"{len(texts(FIRST_LANGUAGE))} texts in {len(LANGUAGES)} languages, {len(found)} faults.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
