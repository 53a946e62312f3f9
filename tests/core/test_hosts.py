"""Hosts on the list are exact names; addresses that are not of the internet are told apart."""

from ipaddress import ip_address

import pytest

from core.errors import BadInput
from core.hosts import Host, is_public, parse_hosts


@pytest.mark.parametrize(
    ("text", "hosts"),
    [
        ("", []),
        ("files.example.com", [Host("files.example.com", 443)]),
        (" Files.Example.COM , b.example:8443 ,",
         [Host("files.example.com", 443), Host("b.example", 8443)]),
        ("127.0.0.1:8000", [Host("127.0.0.1", 8000)]),
        ("localhost:8000", [Host("localhost", 8000)]),
        ("[::1]:8000", [Host("::1", 8000)]),
        ("93.184.216.34", [Host("93.184.216.34", 443)]),
        ("xn--bcher-kva.example", [Host("xn--bcher-kva.example", 443)]),
    ],
)  # fmt: skip
def test_hosts_are_read(text: str, hosts: list[Host]) -> None:
    assert list(parse_hosts(text)) == hosts


@pytest.mark.parametrize(
    "text",
    ["*.example.com", "https://files.example.com", "files.example.com/calls", "a b.example",
     "files..example", "-a.example", "files.example.com:0", "files.example.com:99999",
     "user@files.example.com", ".example.com", "10.0.0.5", "169.254.169.254", "192.168.1.7:8000",
     "[fe80::1]:80", "0.0.0.0", "127.1", "2130706433", "0x7f000001", "a.example.0x7f", "::1",
     "[::ffff:10.0.0.1]"],
)  # fmt: skip
def test_what_is_no_host_is_told(text: str) -> None:
    with pytest.raises(BadInput):
        parse_hosts(text)


@pytest.mark.parametrize(
    ("host", "loopback"),
    [
        ("localhost", True),
        ("127.0.0.1", True),
        ("127.9.9.9", True),
        ("[::1]", True),
        ("localhost.example.com", False),
        ("127.0.0.1.example.com", False),
        ("93.184.216.34", False),
    ],
)
def test_only_this_machine_is_loopback(host: str, loopback: bool) -> None:
    (made,) = parse_hosts(host)
    assert made.is_loopback is loopback


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True),
        ("8.8.8.8", True),
        ("2606:2800:220:1::1", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("172.32.0.1", True),
        ("192.168.0.1", False),
        ("169.254.169.254", False),  # where clouds keep a machine's keys
        ("100.64.0.1", False),  # carriers' own, RFC 6598
        ("0.0.0.0", False),
        ("255.255.255.255", False),
        ("224.0.0.1", False),
        ("240.0.0.1", False),
        ("192.0.2.1", False),  # for documents, RFC 5737
        ("::1", False),
        ("::", False),
        ("fe80::1", False),
        ("fc00::1", False),
        ("ff02::1", False),
        ("::ffff:10.0.0.1", False),
        ("::ffff:169.254.169.254", False),
        ("::ffff:8.8.8.8", True),
        ("64:ff9b::a00:1", False),  # 10.0.0.1 behind NAT64
        ("2002:a00:1::", False),  # 10.0.0.1 behind 6to4
        ("2001:0:4136:e378:8000:63bf:f5ff:fffe", False),  # Teredo
    ],
)
def test_public_addresses_are_of_the_internet(address: str, public: bool) -> None:
    assert is_public(ip_address(address)) is public
