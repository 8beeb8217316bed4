"""Which addresses may be asked for a page: those of a provider's hosts, on the public internet."""

from collections.abc import Collection
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

_NAT64 = IPv6Network("64:ff9b::/96")


def address_fault(url: str, hosts: Collection[str]) -> str:
    """Return why an address is not followed, a clause; empty where it is `http` or `https` on a host allowed."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return "it is no address"
    if parts.scheme not in ("http", "https"):
        return f'it begins with "{parts.scheme}:", and only http: and https: are followed'
    if parts.username is not None or parts.password is not None:
        return "it holds a user name"
    if host not in hosts:
        return f'it leads to "{host}", which is not one of the provider\'s hosts'
    return ""


def not_public(text: str) -> str:
    """Return what an internet address is instead of public, such as `loopback`; empty where it is public."""
    address = _innermost(
        ip_address(text.partition("%")[0])
    )  # fe80::1%eth0 names an interface of this machine
    if address.is_loopback:
        return "loopback"
    if address.is_link_local:
        return "link-local"
    if address.is_multicast:
        return "multicast"
    if address.is_global and not address.is_reserved:
        return ""
    return "private or reserved"


def _innermost(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """Return the IPv4 address that an IPv6 one stands for, where it does: it is what is reached."""
    if isinstance(address, IPv4Address):
        return address
    within = address.ipv4_mapped or address.sixtofour or (address.teredo and address.teredo[1])
    if not within and address in _NAT64:
        within = IPv4Address(int(address) & 0xFFFFFFFF)
    return within or address
