"""`make kills`: 20,000 recipients and 50 SIGKILLs at random points of the sending.

Fails unless everybody allowed got a copy, nobody else did, and copies that came twice are no more
than those the software itself calls uncertain, which are at most one a kill.
"""

from __future__ import annotations

import random
import sys
import time
from collections import Counter

from bench import mailing
from bench.places import POSTGRES, SQLITE, installed
from campaigns.sink import Sink

PEOPLE, OUT, KILLS, SENDERS = 20_000, 400, 50, 2


def main(engine: str = SQLITE, people: int = PEOPLE, kills: int = KILLS) -> int:
    seed = random.SystemRandom().randrange(2**32)
    with installed(engine, durable=False) as installation, Sink() as sink:
        with mailing.company_of(installation):
            from django.db import connections  # noqa: PLC0415

            from campaigns.crowd import Senders  # noqa: PLC0415
            from troth.channels.campaigns import queries  # noqa: PLC0415
            from troth.core.actors import Actor  # noqa: PLC0415
            from troth.core.choices.deciding import choose  # noqa: PLC0415
            from troth.core.people.models import Person  # noqa: PLC0415

            everybody = mailing.people(people)
            for person in Person.objects.filter(pk__in=everybody[:OUT]):
                choose(
                    person, actor=Actor.visitor(), purpose=mailing.PURPOSE, yes=False, way="bench"
                )
            campaign = mailing.campaign()
            connections.close_all()
            urls = tuple(
                installation.environment.get(name, f"sqlite:///{installation.home}/{file}.sqlite3")
                for name, file in (("DATABASE_URL", "main"), ("KEYRING_URL", "keyring"))
            )
            senders = Senders(
                installation.home,
                (urls[0], urls[1]),
                sink.port,
                lambda: len(sink.taken),
                random.Random(seed),
            )
            begun = time.monotonic()
            for _ in range(SENDERS):
                senders.start()
            while senders.killed < kills and senders.kill_in_the_middle(
                within=2 * (people - OUT) // kills * 9 // 10, patience=300
            ):
                senders.start()
                print(f"\r{senders.killed} kills, {len(sink.taken)} copies", end="", flush=True)
            senders.finish(patience=900)
            took, told = time.monotonic() - begun, queries.progress(campaign)
            state = queries.by_ref(campaign.ref).state
        counts = Counter(address for address, _, _ in sink.taken)
    allowed = {f"p{n}@people.example" for n in range(OUT, people)}
    twice = sum(counts.values()) - len(counts)
    print(
        f"\r{engine}, seed {seed}: {senders.killed} kills in {took:.0f} s; {len(counts):,} of "
        f"{len(allowed):,} allowed people got a copy, {len(counts.keys() - allowed)} others; "
        f"{twice} copies came twice, {told.uncertain} are counted as uncertain; "
        f"the campaign is {state}: {dict(told.states)}"
    )
    fine = counts.keys() == allowed and twice <= told.uncertain <= senders.killed
    fine &= max(counts.values()) <= 2 or twice < senders.killed
    fine &= state == "done" and dict(told.states) == {"accepted": len(allowed)}
    fine &= senders.killed == kills
    print("holds" if fine else "DOES NOT HOLD")
    return 0 if fine else 1


if __name__ == "__main__":
    chosen = POSTGRES if "postgres" in sys.argv[1:] else SQLITE
    numbers = [int(one) for one in sys.argv[1:] if one.isdigit()]
    sys.exit(main(chosen, *numbers))
