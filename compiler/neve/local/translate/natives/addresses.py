"""PARSE_IP."""

import ipaddress
import json

_Address = ipaddress.IPv4Interface | ipaddress.IPv6Interface
_ERROR = "#100132 P0000 "


def parse_ip(text: str, kind: str) -> str:
    """An address with its network, as JSON. Raises ValueError, in the form of `faults`, for what is none."""
    if kind.upper() != "INET":
        raise ValueError(f"{_ERROR}Invalid type [{kind}] for PARSE_IP")
    try:
        found = ipaddress.ip_interface(text.strip())
    except ValueError as error:
        raise ValueError(f"{_ERROR}Invalid IP address: '{text}'") from error
    prefix = found.network.prefixlen if "/" in text else None
    told = _version4(found, prefix) if found.version == 4 else _version6(found, prefix)
    whole = {"family": found.version, "host": str(found.ip), "ip_type": "inet", "netmask_prefix_length": prefix}
    return json.dumps(whole | told | {"snowflake$type": "ip_address"}, sort_keys=True)


def try_parse_ip(text: str, kind: str) -> str | None:
    """TRY_PARSE_IP."""
    try:
        return parse_ip(text, kind)
    except ValueError:
        return None


def _version4(found: _Address, prefix: int | None) -> dict[str, object]:
    number = int(found.ip)
    told: dict[str, object] = {"ip_fields": [number, 0, 0, 0], "ipv4": number}
    if prefix is not None:
        network = found.network
        told |= {"ipv4_range_start": int(network[0]), "ipv4_range_end": int(network[-1])}
    return told


def _version6(found: _Address, prefix: int | None) -> dict[str, object]:
    number = int(found.ip)
    told: dict[str, object] = {
        "ip_fields": [(number >> shift) & 0xFFFFFFFF for shift in (96, 64, 32, 0)],
        "hex_ipv6": f"{number:032X}",
    }
    if prefix is not None:
        network = found.network
        told |= {"hex_ipv6_range_start": f"{int(network[0]):032X}", "hex_ipv6_range_end": f"{int(network[-1]):032X}"}
    return told


FUNCTIONS = (
    ("sf_parse_ip", parse_ip, ["VARCHAR", "VARCHAR"], "VARCHAR"),
    ("sf_try_parse_ip", try_parse_ip, ["VARCHAR", "VARCHAR"], "VARCHAR"),
)
