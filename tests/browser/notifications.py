"""A notification service (org.freedesktop.Notifications) for a browser that has no desktop.

Writes each notification as a JSON line, and the id of each one that the browser closes; reads lines `ID KEY` and reports to the
browser that its action KEY was clicked, where `default` is the notification itself. Ends with its input.
"""

import asyncio
import json
import sys

from dbus_next.aio import MessageBus
from dbus_next.service import ServiceInterface, method, signal


class Notifications(ServiceInterface):
    def __init__(self):
        super().__init__("org.freedesktop.Notifications")
        self.last = 0

    @method()
    def GetCapabilities(self) -> "as":  # noqa: F722
        return ["actions", "body", "persistence"]

    @method()
    def GetServerInformation(self) -> "ssss":  # noqa: F821
        return ["sekisho tests", "sekisho", "1", "1.2"]

    @method()
    def Notify(self, app: "s", replaces: "u", icon: "s", summary: "s", body: "s", actions: "as", hints: "a{sv}", lasts: "i") -> "u":  # noqa: F722, F821
        if not replaces:
            self.last += 1
        id = replaces or self.last
        print(json.dumps({"id": id, "title": summary, "body": body, "actions": actions}), flush=True)
        return id

    @method()
    def CloseNotification(self, id: "u"):  # noqa: F821
        print(json.dumps({"closed": id}), flush=True)
        self.NotificationClosed(id, 3)

    @signal()
    def ActionInvoked(self, id, key) -> "us":  # noqa: F821
        return [id, key]

    @signal()
    def NotificationClosed(self, id, why) -> "uu":  # noqa: F821
        return [id, why]


async def main():
    bus = await MessageBus().connect()
    service = Notifications()
    bus.export("/org/freedesktop/Notifications", service)
    await bus.request_name("org.freedesktop.Notifications")
    print(json.dumps({"ready": True}), flush=True)
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while line := await reader.readline():
        id, key = line.decode().split()
        service.ActionInvoked(int(id), key)


asyncio.run(main())
