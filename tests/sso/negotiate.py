"""Prints a token for a service, in base64: `negotiate.py HOST [--raw] [--delegate] [--binding TEXT]`. Run in the environment of
somebody who has a ticket.
"""
import argparse
import base64

import gssapi
from gssapi.raw import ChannelBindings

asked = argparse.ArgumentParser()
asked.add_argument("host")
asked.add_argument("--raw", action="store_true")
asked.add_argument("--delegate", action="store_true")
asked.add_argument("--mutual", action="store_true")
asked.add_argument("--binding")
asked = asked.parse_args()
flags = gssapi.RequirementFlag
wanted = flags.out_of_sequence_detection
if asked.mutual:
    wanted |= flags.mutual_authentication
if asked.delegate:
    wanted |= flags.delegate_to_peer
context = gssapi.SecurityContext(
    name=gssapi.Name(f"HTTP@{asked.host}", gssapi.NameType.hostbased_service), usage="initiate", flags=wanted,
    mech=gssapi.OID.from_int_seq("1.2.840.113554.1.2.2" if asked.raw else "1.3.6.1.5.5.2"),
    channel_bindings=ChannelBindings(application_data=bytes.fromhex(asked.binding)) if asked.binding else None,
)
print(base64.b64encode(context.step()).decode())
