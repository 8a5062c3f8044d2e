"""The input of the fraud training: accounts, customers, and ten days of transactions, the same on every machine.

After TPCx-AI's fraud use case, and as hard as the real thing: most frauds empty an account at night in a burst of
transfers; some look like any other transfer, and some honest people are busy, poor sleepers, or shopping big.
"""

import numpy as np
import pandas as pd

CUSTOMERS = 2_000
FIRST_DAY = pd.Timestamp("2024-03-01")
DAYS = 10
HONEST_A_DAY = 2_420
BURSTS_A_DAY = 8

COUNTRIES = ("GERMANY", "FRANCE", "ITALY", "SPAIN", "POLAND", "NETHERLANDS", "SWEDEN", "PORTUGAL")
COUNTRY_SHARE = (0.24, 0.19, 0.16, 0.13, 0.11, 0.08, 0.06, 0.03)


def tables() -> dict[str, pd.DataFrame]:
    """The three source tables by name. No input, no clock: two calls give equal frames."""
    random = np.random.default_rng(7)
    accounts = _accounts(random)
    return {
        "financial_account": accounts,
        "customer": _customers(random),
        "financial_transactions": _transactions(random, accounts),
    }


def _accounts(random: np.random.Generator) -> pd.DataFrame:
    limits = random.choice([500, 1_000, 2_000, 5_000, 10_000], size=CUSTOMERS, p=[0.2, 0.3, 0.25, 0.15, 0.1])
    return pd.DataFrame({"FA_CUSTOMER_SK": np.arange(1, CUSTOMERS + 1), "TRANSACTION_LIMIT": limits.astype(float)})


def _customers(random: np.random.Generator) -> pd.DataFrame:
    flags = random.choice(["Y", "N", None], size=CUSTOMERS, p=[0.45, 0.52, 0.03])
    countries = random.choice(COUNTRIES, size=CUSTOMERS, p=COUNTRY_SHARE)
    return pd.DataFrame(
        {
            "C_CUSTOMER_SK": np.arange(1, CUSTOMERS + 1),
            "C_PREFERRED_CUST_FLAG": flags,
            "C_BIRTH_COUNTRY": countries,
        }
    )


def _transactions(random: np.random.Generator, accounts: pd.DataFrame) -> pd.DataFrame:
    limits = accounts["TRANSACTION_LIMIT"].to_numpy()
    drawn = [_day(random, FIRST_DAY + pd.Timedelta(days=day)) for day in range(DAYS)]
    rows = pd.concat(drawn).sort_values(["TIME", "SENDERID"], kind="stable", ignore_index=True)
    receivers = 1 + (rows["SENDERID"] - 1 + random.integers(1, CUSTOMERS, size=len(rows))) % CUSTOMERS
    return pd.DataFrame(
        {
            "TRANSACTIONID": np.arange(1, len(rows) + 1),
            "SENDERID": rows["SENDERID"],
            "RECEIVERID": receivers,
            "AMOUNT": (rows["SHARE"] * limits[rows["SENDERID"] - 1]).round(2).clip(lower=0.01),
            "TIME": rows["TIME"],
            "ISFRAUD": rows["ISFRAUD"],
        }
    )


def _day(random: np.random.Generator, day: pd.Timestamp) -> pd.DataFrame:
    return pd.concat([_honest(random, day), *(_burst(random, day) for _ in range(BURSTS_A_DAY))])


def _honest(random: np.random.Generator, day: pd.Timestamp) -> pd.DataFrame:
    """By day and small, mostly; one in forty is a big one, and one sender in a hundred is a busy shop."""
    n = HONEST_A_DAY
    busy = random.random(n) < 0.1
    senders = np.where(
        busy, random.integers(1, CUSTOMERS // 100 + 1, size=n), random.integers(1, CUSTOMERS + 1, size=n)
    )
    share = np.where(random.random(n) < 0.025, random.uniform(0.6, 1.0, size=n), random.beta(1.3, 9.0, size=n))
    hours = np.clip(random.normal(13.5, 5.0, size=n), 0.0, 23.99)
    return _frame(day, senders, share, hours, fraud=0)


def _burst(random: np.random.Generator, day: pd.Timestamp) -> pd.DataFrame:
    """One stolen account: five to thirteen transfers near its limit before dawn. One in ten hides in the day."""
    n = int(random.integers(5, 14))
    hidden = random.random(n) < 0.1
    senders = np.full(n, random.integers(1, CUSTOMERS + 1))
    share = np.where(hidden, random.beta(1.3, 5.0, size=n), random.beta(5.0, 2.2, size=n) * 1.15)
    hours = np.where(hidden, random.uniform(8.0, 22.0, size=n), random.uniform(0.0, 6.5, size=n))
    return _frame(day, senders, share, hours, fraud=1)


def _frame(day: pd.Timestamp, senders: np.ndarray, share: np.ndarray, hours: np.ndarray, fraud: int) -> pd.DataFrame:
    times = day + pd.to_timedelta((hours * 3600).astype("int64"), unit="s")
    return pd.DataFrame({"SENDERID": senders, "SHARE": share, "TIME": times, "ISFRAUD": fraud})
