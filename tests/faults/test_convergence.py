"""However bad the network: when it heals, everybody has the same board, with what everybody wrote."""

import asyncio
import random
from contextlib import AsyncExitStack

import pytest
from pycrdt import Map, Text

from tests.app.boards import open_board
from tests.app.driving import Rondom, meeting_in
from tests.faults.network import Network
from tests.faults.roaming import Roaming
from tests.seeds import houses, seeded

RUNS = 200
WORDS = ["haalt Sami op", "belt mama", "🙂", "جدتي", "kookt", "élke week", "x"]


@pytest.mark.timeout(60 + RUNS)
@pytest.mark.parametrize("house", houses("RONDOM_CONVERGENCE", RUNS))
async def test_when_a_bad_network_heals_all_have_the_same_board(rondom: Rondom, house: int):
    meeting = meeting_in(rondom, "private_time")
    dice = seeded(f"networks around house {house}")
    async with AsyncExitStack() as running:
        networks = [await running.enter_async_context(Network(rondom.settings.port).running()) for _ in meeting.circle]
        clients = [
            Roaming(person, "private", network.port) for person, network in zip(meeting.circle, networks, strict=True)
        ]
        for client in clients:
            running.push_async_callback(client.close)
        for run in range(RUNS):
            await asyncio.gather(
                *(_live_through(client, network, dice) for client, network in zip(clients, networks, strict=True))
            )
            for network in networks:
                network.heal()
            async with asyncio.timeout(20):
                await asyncio.gather(*(client.all_saved() for client in clients))
                # What others wrote may still be on its way; nobody asks for it again.
                while any(_values(client) != _values(clients[0]) for client in clients):
                    await asyncio.sleep(0.005)
            if run % 20 == 0:
                async with open_board(meeting.mama, "private") as newcomer:
                    await newcomer.saved()
                    assert newcomer.values() == _values(clients[0]), f"run {run}"


def _values(client: Roaming) -> dict[str, str]:
    rows: Map = client.document.get("agreements", type=Map)
    return {row: str(values["what"]) for row, values in (rows.to_py() or {}).items()}


async def _live_through(client: Roaming, network: Network, dice: random.Random) -> None:
    for _ in range(dice.randrange(1, 4)):
        match dice.randrange(5):
            case 0:
                network.part()
            case 1:
                network.half_open(dice)
            case 2:
                network.slow(dice.uniform(0, 0.02))
            case 3:
                network.cut()
            case _:
                network.heal()
        for _ in range(dice.randrange(1, 4)):
            _edit(client, dice)
            await asyncio.sleep(dice.uniform(0, 0.01))


def _edit(client: Roaming, dice: random.Random) -> None:
    rows: Map = client.document.get("agreements", type=Map)
    known = sorted(rows.keys())
    # The board stays about as large as a real one.
    if known and (dice.random() < 0.2 or len(known) > 30):
        del rows[dice.choice(known)]
    elif known and dice.random() < 0.6:
        text: Text = rows[dice.choice(known)]["what"]
        if dice.random() < 0.3 and len(str(text)) > 0 and str(text).isascii():
            at = dice.randrange(len(str(text)))
            del text[at : at + 1]
        elif dice.random() < 0.5:
            text.insert(0, dice.choice(WORDS))
        else:
            text += dice.choice(WORDS)
    else:
        row = f"{dice.randrange(2**40):x}"
        rows[row] = Map({"order": "a0", "what": Text(dice.choice(WORDS)), "otherwise": Text(""), "who": Map({})})
