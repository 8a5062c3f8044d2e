from datetime import timedelta

import pytest

from neve.deploy import lock as lock_module
from neve.deploy.errors import Locked
from neve.deploy.lock import locked, place_of, read_holder, unlock


@pytest.fixture
def place(project):
    return place_of(project)


def test_the_lock_is_a_table_while_it_is_held(account, place):
    with locked(account, place, "plan"):
        assert list(account.tables) == ["NEVE_LOCK$P$LOCAL"]
    assert account.tables == {}


def test_the_loser_is_told_who_holds_it(account, place):
    with locked(account, place, "plan") as lease, pytest.raises(Locked) as lost, locked(account, place, "plan"):
        pass
    assert lease.holder.who in lost.value.message
    assert lease.holder.host in lost.value.message
    assert lost.value.hint == f"wait, or neve unlock {lease.holder.id} if it is dead"


def test_the_lock_is_given_back_after_an_error(account, place):
    with pytest.raises(ZeroDivisionError), locked(account, place, "plan"):
        raise ZeroDivisionError
    assert read_holder(account, place) is None


def hold(account, place, monkeypatch, *, pid=1, machine="elsewhere"):
    """A lock that its holder has not given back."""
    with monkeypatch.context() as other:
        other.setattr(lock_module.os, "getpid", lambda: pid)
        other.setattr(lock_module, "_machine", lambda: machine)
        return lock_module._acquire(account, place, "plan", lock_module.LEASE)


def test_a_lease_that_is_over_is_taken_over(account, place, monkeypatch):
    hold(account, place, monkeypatch)
    account.now += timedelta(minutes=14)
    with pytest.raises(Locked), locked(account, place, "plan"):
        pass
    account.now += timedelta(minutes=2)
    with locked(account, place, "plan") as lease:
        assert read_holder(account, place).id == lease.holder.id


def test_of_two_who_take_over_one_succeeds(account, place, monkeypatch):
    """The second one acts on what it read before the first one's takeover."""
    dead = hold(account, place, monkeypatch)
    account.now += timedelta(hours=1)
    with locked(account, place, "plan") as winner:
        assert not lock_module._take_over(account, place, dead, account.now)
        assert read_holder(account, place).id == winner.holder.id


def test_a_dead_process_of_this_machine_is_not_waited_for(account, place, monkeypatch):
    hold(account, place, monkeypatch, pid=2**22 + 1, machine="here")
    monkeypatch.setattr(lock_module, "_machine", lambda: "here")
    with locked(account, place, "plan"):
        pass


def test_a_dead_looking_process_of_another_machine_is_waited_for(account, place, monkeypatch):
    hold(account, place, monkeypatch, pid=2**22 + 1, machine="there")
    with pytest.raises(Locked), locked(account, place, "plan"):
        pass


def test_unlock_takes_the_lock_away_by_its_id_only(account, place, monkeypatch):
    holder = hold(account, place, monkeypatch)
    with pytest.raises(Locked):
        unlock(account, place, "another")
    assert unlock(account, place, holder.id) == holder
    assert read_holder(account, place) is None


def test_a_long_apply_keeps_its_lease_alive(account, place, monkeypatch):
    with locked(account, place, "plan", timedelta(seconds=9)) as lease:
        before = lease.holder.expires
        lease.renew()
        assert lease.holder.expires == before
        lease.renewed -= 4
        account.now += timedelta(seconds=4)
        lease.renew()
        assert read_holder(account, place).expires > before


def test_who_lost_the_lease_stops(account, place, monkeypatch):
    with locked(account, place, "plan", timedelta(seconds=9)) as lease:
        account.tables.clear()
        lease.renewed -= 4
        with pytest.raises(Locked, match="the lock was lost to nobody"):
            lease.renew()
