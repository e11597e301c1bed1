# SPDX-License-Identifier: Apache-2.0
"""Compares the images and labels of a lot with its manifest, by their descriptions alone: no code of this project is used.

usage: read_lot.py MANIFEST.csv IMAGES.zip LABELS.csv

Prints a line for each difference: what it is, and the endpoint or, if there is none, the file. Then the number of
devices that match. The images are read as the dm-lwm2m firmware reads them.
"""

import csv
import hashlib
import hmac
import re
import string
import struct
import sys
import zipfile

ADDRESSES = {"nrf52_blenano2": 0x7F000, "reel_board": 0xFB000, "frdm_k64f": 0x10000}
BUILT_IN = bytes(range(16))


def fail(message):
    sys.exit("read_lot.py: " + message)


def read_hex(text):
    """Returns the address of the first byte of an Intel HEX file, and its bytes, which must follow each other."""
    base, start, content, ended = 0, None, bytearray(), False
    for line in text.splitlines():
        if ended or not re.fullmatch(r":([0-9A-Fa-f]{2}){5,}", line):
            raise ValueError("not a record of Intel HEX")
        record = bytes.fromhex(line[1:])
        length, offset, kind = struct.unpack(">BHB", record[:4])
        data = record[4:-1]
        if sum(record) & 0xFF or len(data) != length:
            raise ValueError("wrong checksum or length")
        if kind == 0:
            if start is None:
                start = base + offset
            if base + offset != start + len(content):
                raise ValueError("a gap")
            content += data
        elif kind == 1:
            ended = True
        elif kind == 2:
            base = struct.unpack(">H", data)[0] << 4
        elif kind == 4:
            base = struct.unpack(">H", data)[0] << 16
    if not ended or start is None:
        raise ValueError("no end or no data")
    return start, bytes(content)


def c_string(field):
    """Returns the text of a field of 33 bytes; None if it is not set: its last byte is not NUL."""
    return None if field[-1] else field.split(b"\0", 1)[0]


def key_of(token):
    """Returns the key that a device uses; None if it does not start."""
    if token is None:
        return BUILT_IN
    key = bytearray()
    for high, low in zip(token[::2], token[1::2]):
        values = []
        for digit in (chr(high), chr(low)):
            if digit in string.digits:
                values.append(ord(digit) - ord("0"))
            elif digit in string.ascii_letters:
                values.append(ord(digit.lower()) - ord("a") + 10)
            else:
                return None
        key.append(((values[0] << 4) + values[1]) & 0xFF)
    return bytes(key) if len(key) == 16 else None


def read_manifest(path):
    """Returns the number of a lot and its rows, after its count and digest were compared."""

    def field(name, value):
        return b"".join(struct.pack(">I", len(part)) + part for part in (name.encode(), value))

    link = hashlib.sha256(b"lwm2m-creds manifest 1").digest()
    rows = []
    with open(path, newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            number = row.pop("manifestLot")
            end = re.fullmatch(r"#end count=(\d+) sha256=([0-9a-f]{64})", row["endpoint"])
            if end:
                found = hashlib.sha256(link + field("manifestLot", number.encode())).hexdigest()
                if int(end[1]) != len(rows) or end[2] != found:
                    fail("the manifest's count or digest is not that of its rows")
                return number, rows
            fields = field("endpoint", row["endpoint"].encode())
            if row["pskIdentity"] != row["endpoint"]:
                fields += field("pskIdentity", row["pskIdentity"].encode())
            fields += field("psk", bytes.fromhex(row["psk"]))
            for name in sorted(set(row) - {"endpoint", "pskIdentity", "psk"}, key=str.encode):
                if row[name]:
                    fields += field(name, row[name].encode())
            link = hashlib.sha256(link + fields).digest()
            rows.append(row)
    fail("the manifest has no end")


def compare(rows, images):
    """Compares the images with the rows; returns how many devices match."""
    found = {}
    for name in images.namelist():
        try:
            address, content = read_hex(images.read(name).decode("ascii"))
            endpoint, token = map(c_string, struct.unpack("33s33s", content))
        except (ValueError, struct.error):
            print("unreadable", name)
            continue
        if not endpoint:
            print("no-endpoint", name)
        elif endpoint.decode() in found:
            print("same-endpoint", endpoint.decode())
        else:
            found[endpoint.decode()] = (address, token, key_of(token))
    matches = 0
    for row in rows:
        endpoint = row["endpoint"]
        if endpoint not in found:
            print("missing-here", endpoint)
            continue
        address, token, key = found.pop(endpoint)
        if token is None:
            print("built-in-key", endpoint)
        elif key is None:
            print("would-not-start", endpoint)
        elif key != bytes.fromhex(row["psk"]):
            print("differs", endpoint)
        elif address != ADDRESSES[row["board"]]:
            print("wrong-address", endpoint)
        else:
            matches += 1
    for endpoint in found:
        print("missing-there", endpoint)
    return matches


def check_labels(number, rows, path):
    """Ends the program unless there is a label for each row, with the check value of its key."""
    with open(path, newline="", encoding="utf-8") as file:
        labels = list(csv.reader(file))
    expected = [["endpoint", "checkValue", "lot"]]
    for row in rows:
        key = bytes.fromhex(row["psk"])
        text = b"lwm2m-creds check value" + bytes([len(key)])
        expected.append([row["endpoint"], hmac.digest(key, text, "sha256")[:4].hex(), number])
    if labels != expected:
        fail("the labels are not those of the rows")


def main(manifest, images, labels):
    number, rows = read_manifest(manifest)
    for column in ("endpoint", "psk"):
        if len({row[column] for row in rows}) != len(rows):
            fail("two devices have one " + column)
    check_labels(number, rows, labels)
    with zipfile.ZipFile(images) as opened:
        print(compare(rows, opened), "match")


main(*sys.argv[1:])
