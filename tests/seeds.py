"""The dice of the random tests: each prints its seed, and RONDOM_SEED plays it again."""

import math
import os
import random


def any_seed() -> int:
    """Return the seed of RONDOM_SEED, or one that nobody chose."""
    return int(os.environ.get("RONDOM_SEED", random.SystemRandom().randrange(2**32)))


def seeded(what: str) -> random.Random:
    """Return dice, and print how to throw them the same way again."""
    seed = any_seed()
    print(f"{what}: RONDOM_SEED={seed}")
    return random.Random(seed)


def rounds(setting: str, in_ci: int) -> int:
    """Return how often to play: few times in CI, more with `make soak`."""
    return int(os.environ.get(setting, in_ci))


def houses(setting: str, in_ci: int) -> range:
    """Return how many new houses to play `in_ci` rounds in, so that no board becomes longer than one evening's."""
    return range(math.ceil(rounds(setting, in_ci) / in_ci))
