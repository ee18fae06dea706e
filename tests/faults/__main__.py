"""`python -m tests.faults`: nights that are killed at random moments, against one that was not.

Runs the sample quarter (its exports, a publication, the correction, another publication) through the real command line, and
kills one process of it or all of them at moments spread over the length of each command; then lets it finish, and compares
lake, figures, publications and what was put away with a home that was never disturbed. With `--full-disk` also on a small disk
that fills, or may only be read, in the midst of a night. The moments, as parts of a command's length, follow from the seed.
"""

import argparse
import collections
import contextlib
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from tests.faults.nights import (
    NIGHTS,
    Command,
    compared,
    deliver,
    fill,
    lend_parsed,
    make_readonly,
    make_writable,
    small_disk,
    start,
    step_of,
    wait_for,
    wrong_in,
)

KILLS_PER_HOME = 20
MEGABYTES = 220
TOLD = {"full": "Ổ đĩa đã đầy", "read-only": "chỉ cho đọc"}


@dataclass
class Account:
    """What was done to one home, and what came of it."""

    kills: collections.Counter = field(default_factory=collections.Counter)
    wrong: list[str] = field(default_factory=list)
    rows_count: int = 0
    too_late: int = 0

    def add(self, other: "Account") -> None:
        self.kills += other.kills
        self.wrong += other.wrong
        self.rows_count += other.rows_count
        self.too_late += other.too_late


def ended(command: Command) -> int:
    """The exit code, once it has ended by itself; what its session left running goes too."""
    wait_for(command, lambda: command.process.poll() is not None, 900)
    return command.process.wait()


def undisturbed(home: Path, lengths: dict[str, float]) -> None:
    for name in NIGHTS:
        deliver(home, name)
        command = start(home, name)
        if ended(command) != 0:
            raise SystemExit(f"an undisturbed {name} fails: {command.said()}")
        lengths[name] = time.monotonic() - command.started


def killed_home(home: Path, wanted: Path, kills: int, seed: str, lengths: dict[str, float]) -> Account:
    """Kills the commands of one home `kills` times in all, and compares what there is in the end."""
    chance, account = random.Random(seed), Account()
    shares = collections.Counter(chance.choice(list(NIGHTS)) for _ in range(kills))
    for name in NIGHTS:
        deliver(home, name)
        killed = [kill_once(home, name, chance, account, lengths) for _ in range(shares[name])]
        command = start(home, name)
        if ended(command) != 0:
            account.wrong.append(f"{home.name}: {name} does not finish: {command.said()[-300:]}")
            return account
        lengths[name] = time.monotonic() - command.started
        # What outlived its command may go on for a while, and must not matter.
        until = time.monotonic() + 300
        while any(other.processes() for other in killed) and time.monotonic() < until:
            time.sleep(0.5)
    settle(account, home, wanted)
    return account


def kill_once(
    home: Path, name: str, chance: random.Random, account: Account, lengths: dict[str, float]
) -> Command:
    """Starts a command and kills it at a moment of its length; one that was faster is started again, and killed earlier."""
    part, is_whole, which = chance.random(), chance.random() < 0.5, chance.random()
    while True:
        since, moment = time.time(), part * lengths[name]
        command = start(home, name)
        if wait_for(command, lambda c=command, m=moment: time.monotonic() - c.started >= m):
            break
        account.too_late += 1
        part /= 2
    processes, step = command.processes(), step_of(home, since)
    if is_whole or not processes:
        command.kill_all()
        account.kills[f"{name}, {step}: all processes"] += 1
    else:
        victim = processes[int(which * len(processes))]
        with contextlib.suppress(ProcessLookupError):
            os.kill(victim, signal.SIGKILL)
        account.kills[f"{name}, {step}: {'the first' if victim == command.process.pid else 'a child'}"] += 1
        code = ended(command)
        if code not in (-signal.SIGKILL, 0, 1) or (code == 1 and "Không xong" not in command.said()):
            account.wrong.append(f"{home.name} {name}, {step}: ended with {code}: {command.said()[-300:]}")
    account.wrong += [f"{home.name} after a kill in {name}, {step}: {wrong}" for wrong in wrong_in(home)]
    return command


def disk_round(home: Path, wanted: Path, trouble: str, seed: str, lengths: dict[str, float]) -> Account:
    """Each command once meets a full or a read-only disk at a random moment, and is run again when that is over."""
    chance, account = random.Random(seed), Account()
    disk = home.parent
    for name in NIGHTS:
        deliver(home, name)
        moment, since = chance.random(), time.time()
        command = start(home, name)
        if wait_for(
            command, lambda c=command, m=moment * lengths[name]: time.monotonic() - c.started >= m, 900
        ):
            step = step_of(home, since)
            happened = bool(fill(disk)) if trouble == "full" else make_readonly(disk, command)
            code = ended(command)
            if happened:
                account.kills[f"{name}, {step}: {trouble} disk, exit {code}"] += 1
                if code not in (0, 1) or (code == 1 and TOLD[trouble] not in command.said()):
                    account.wrong.append(
                        f"{trouble} disk in {name}, {step}: exit {code}: {command.said()[-400:]}"
                    )
                account.wrong += [f"{trouble} disk, {name}: {wrong}" for wrong in wrong_in(home)]
            if trouble == "full":
                (disk / "filler").unlink(missing_ok=True)
            else:
                make_writable(disk)
        else:
            account.too_late += 1
        command = start(home, name)
        if (code := ended(command)) != 0:
            account.wrong.append(f"{trouble} disk: {name} does not finish: {code} {command.said()[-300:]}")
            return account
    settle(account, home, wanted)
    return account


def settle(account: Account, home: Path, wanted: Path) -> None:
    try:
        comparison = compared(home, wanted)
    except Exception as error:
        account.wrong.append(f"{home.name} cannot be compared: {error!r}")
        return
    account.rows_count += comparison.rows_count
    account.wrong += [f"{home.name} differs: {difference}" for difference in comparison.differences]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--kills", type=int, default=200, help="how many in all (default: 200)")
    parser.add_argument("--seed", type=int, default=1, help="where the moments come from (default: 1)")
    parser.add_argument("--jobs", type=int, default=2, help="homes at the same time (default: 2)")
    parser.add_argument(
        "--full-disk",
        type=int,
        default=0,
        metavar="ROUNDS",
        help="rounds on a disk that fills, and read-only",
    )
    arguments = parser.parse_args()
    began, account, lengths = time.monotonic(), Account(), {}
    with tempfile.TemporaryDirectory(prefix="motcua-faults-") as folder:
        root = Path(folder).resolve()
        wanted = root / "wanted"
        undisturbed(wanted, lengths)
        print(
            "undisturbed: " + ", ".join(f"{name} {seconds:.1f} s" for name, seconds in lengths.items()),
            flush=True,
        )

        def one(number: int) -> Account:
            kills = min(KILLS_PER_HOME, arguments.kills - number * KILLS_PER_HOME)
            home = root / f"home-{number}"
            home.mkdir()
            if number % 4:
                lend_parsed(wanted, home)
            done = killed_home(home, wanted, kills, f"{arguments.seed}/{number}", lengths)
            print(f"{home.name}: {done.kills.total()} kills, {len(done.wrong)} wrong", flush=True)
            if not done.wrong:
                shutil.rmtree(home)
            return done

        homes = -(-arguments.kills // KILLS_PER_HOME)
        with ThreadPoolExecutor(arguments.jobs) as pool:
            for done in pool.map(one, range(homes)):
                account.add(done)
        for number in range(arguments.full_disk):
            for trouble in TOLD:
                disk = root / f"disk-{trouble}-{number}"
                with small_disk(disk, MEGABYTES) as is_mounted:
                    if not is_mounted:
                        print(f"{trouble} disk: left out, nothing may be mounted here", flush=True)
                        continue
                    home = disk / "home"
                    home.mkdir()
                    lend_parsed(wanted, home)
                    done = disk_round(home, wanted, trouble, f"{arguments.seed}/{trouble}/{number}", lengths)
                    print(
                        f"{trouble} disk {number}: {done.kills.total()} times, {len(done.wrong)} wrong",
                        flush=True,
                    )
                    account.add(done)
    print(
        f"\nseed {arguments.seed}: {account.kills.total()} disturbances, {account.too_late} came after the command's end"
    )
    for what, count in sorted(account.kills.items()):
        print(f"  {count:4d}  {what}")
    print(f"rows compared: {account.rows_count}")
    for wrong in account.wrong:
        print(f"WRONG  {wrong}")
    print(f"differences: {len(account.wrong)}; {time.monotonic() - began:.0f} s")
    return int(bool(account.wrong))


if __name__ == "__main__":
    sys.exit(main())
